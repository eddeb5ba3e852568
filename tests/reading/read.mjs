// Opens a book in headless Chromium as a reader would, and says as JSON what was seen.
// usage: node read.mjs BOOK.epub FOLDER-FOR-PICTURES
import { createServer } from 'node:http'
import { readFile, writeFile, mkdir } from 'node:fs/promises'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'

const [book, pictures] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.epub': 'application/epub+zip' }
const MOST_PAGES = 2000

const serve = async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
    try {
        const data = await readFile(path === '/book.epub' ? book : join(here, path))
        response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(data)
    } catch {
        response.writeHead(404).end()
    }
}

const server = createServer(serve)
await new Promise(done => server.listen(0, '127.0.0.1', done))
const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const page = await browser.newPage()
await page.setViewport({ width: 600, height: 800, deviceScaleFactor: 1.5 })
const errors = []
page.on('pageerror', error => errors.push(String(error)))
page.on('requestfailed', request => errors.push(`${request.url()} failed`))
const outside = []
page.on('request', request => { if (!/^(blob:|data:|http:\/\/127\.0\.0\.1)/.test(request.url())) outside.push(request.url()) })
await mkdir(pictures, { recursive: true })
const picture = name => page.screenshot({ path: join(pictures, `${name}.png`) })
const settled = () => new Promise(done => setTimeout(done, 150))

await page.goto(`http://127.0.0.1:${server.address().port}/reader.html`)
await page.waitForFunction('window.ready')
await page.evaluate(() => window.reader.open('/book.epub'))
await settled()
await picture('001-cover')

// Paged through, from the cover to the last page.
const where = () => page.evaluate(() => ({ cfi: reader.place.cfi, section: reader.place.section.current, folio: reader.place.pageItem?.label ?? null }))
let turned = 0, last = null
const folios = [], sections = []
for (; turned < MOST_PAGES; turned++) {
    const place = await where()
    if (place.cfi === last) break
    last = place.cfi
    if (place.folio && folios.at(-1) !== place.folio) folios.push(place.folio)
    if (sections.at(-1) !== place.section) {
        sections.push(place.section)
        await settled()
        await picture(`${String(turned + 1).padStart(3, '0')}-section-${place.section}`)
    }
    await page.evaluate(() => reader.view.next())
}
const chapters = await page.evaluate(() => Object.entries(reader.chapters).map(([index, text]) => ({ index: Number(index), text })))

// Every entry of the contents, followed.
const contents = await page.evaluate(async () => {
    const flat = items => items.flatMap(one => [one, ...flat(one.subitems ?? [])])
    const found = []
    for (const { label, href } of flat(reader.view.book.toc)) {
        await reader.view.goTo(href)
        await new Promise(done => setTimeout(done, 60))
        found.push({ label, href, landed: reader.place.tocItem?.label ?? null })
    }
    return found
})

// Notes, opened and followed back: in the first chapters that have any.
const notes = await page.evaluate(async most => {
    const pause = () => new Promise(done => setTimeout(done, 200))
    const found = []
    for (const section of reader.view.book.sections) {
        if (found.length >= most) break
        await reader.view.goTo(reader.view.book.sections.indexOf(section))
        await pause()
        const call = reader.doc.querySelector('a[role=doc-noteref]')
        if (!call) continue
        const target = call.getAttribute('href').slice(1), wanted = reader.doc.getElementById(target).textContent
        reader.popups.length = 0
        call.click()
        await pause()
        const back = reader.doc.getElementById(target).querySelector('a[role=doc-backlink]')
        await reader.view.goTo(`${section.id}#${target}`)
        await pause()
        back.click()
        await pause()
        const { range } = reader.place
        found.push({ chapter: section.id, wanted, popup: reader.popups[0] ?? null, back: range.intersectsNode(reader.doc.getElementById(call.id)) })
    }
    return found
}, 3)
await settled()
await picture('999-back-at-the-call')

await browser.close()
server.close()
console.log(JSON.stringify({ turned, sections, folios, contents, notes, chapters, errors, outside }))
