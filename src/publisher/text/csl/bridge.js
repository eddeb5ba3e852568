// Between publisher and citeproc-js: one request in, one answer out, both JSON. `engine.py` evaluates it behind citeproc.js.
"use strict";

// Around the id of an item behind its entry: an item that a style prints nothing of has an id in the list, and no entry.
const MARK = "\u0001";

function engineFor(request) {
  const items = new Map(request.items.map((item) => [String(item.id), { ...item, system_id: String(item.id) }]));
  const system = {
    retrieveItem: (id) => items.get(String(id)),
    retrieveLocale: (lang) => request.locales[lang] || request.locales["en-US"],
    getAbbreviation: () => {},
    embedBibliographyEntry: (id) => MARK + id + MARK,
  };
  const engine = new CSL.Engine(system, request.style, request.lang, request.force);
  engine.opt.development_extensions.wrap_url_and_doi = request.links;
  engine.setOutputFormat("html");
  return engine;
}

// Each document by itself: positions (ibid., first note) count within it. All items are registered for all documents.
function formatDocument(engine, clusters, number) {
  const texts = new Map();
  const before = [];
  for (const [place, cluster] of clusters.entries()) {
    const id = number + "." + place;
    // A style may sort the items of a citation, but "see also" in front of a later item belongs where its author wrote it.
    const unsorted = cluster.items.slice(1).some((item) => item.prefix);
    const citation = { citationID: id, citationItems: cluster.items, properties: { noteIndex: cluster.note, unsorted: unsorted } };
    const changed = engine.processCitationCluster(citation, before, [], CSL.ASSUME_ALL_ITEMS_REGISTERED)[1];
    for (const [, text, changedId] of changed) {
      texts.set(changedId, text);
    }
    before.push([id, cluster.note]);
  }
  return clusters.map((_, place) => texts.get(number + "." + place) || "");
}

function bibliographyOf(engine) {
  const made = engine.makeBibliography();
  if (!made) {
    return null;
  }
  const [parameters, entries] = made;
  const rows = new Map(parameters.entry_ids.flatMap((ids) => ids.map((id) => [String(id), ids.map(String)])));
  return entries.map((entry) => {
    const [html, id] = entry.split(MARK);
    return { ids: rows.get(id) || [id], html: html };
  });
}

function run(text) {
  const request = JSON.parse(text);
  const engine = engineFor(request);
  const ids = request.items.map((item) => String(item.id));
  engine.updateItems(ids);
  const bibliography = request.bibliography ? bibliographyOf(engine) : null;
  const documents = request.documents.map((clusters, number) => formatDocument(engine, clusters, number));
  const names = {};
  for (const id of request.names) {
    names[id] = engine.makeCitationCluster([{ id: id, "author-only": 1 }]);
  }
  return JSON.stringify({ documents: documents, names: names, bibliography: bibliography });
}
