// Gives pieces of markup to Chromium as a reader's page would, and says as JSON what became active in each.
// usage: node judge.mjs FILE.json, a list of pairs of a name and a piece of XHTML
import { readFile } from 'node:fs/promises'
import puppeteer from 'puppeteer-core'

const pieces = JSON.parse(await readFile(process.argv[2], 'utf8'))
const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const page = await browser.newPage()
await page.setRequestInterception(true)
const requests = []
page.on('request', request => {
    if (/^(about:|data:)/.test(request.url())) return request.continue()
    requests.push(request.url().slice(0, 100))
    request.abort()
})

// Each piece as XHTML, as HTML, as HTML written out and read again, and in the page itself.
const judge = pieces => {
    const active = root => {
        const found = []
        for (const element of root.querySelectorAll('*')) {
            if (/^(script|iframe|frame|object|embed|portal|form|link|meta|base|style|svg|foreignObject|animate.*|set|audio|video|template)$/.test(element.localName)) found.push(`<${element.localName}>`)
            for (const { name, value } of element.attributes) {
                if (/^on/i.test(name) || name === 'style') found.push(`${name}=${value.slice(0, 40)}`)
                if (/^(href|src|xlink:href|action|cite)$/.test(name) && /^[\0- ]*[a-z][a-z0-9+.-]*:/i.test(value) && !/^(https?:|mailto:|tel:|data:image\/(png|jpeg|gif);)/.test(value)) found.push(`${name}=${value.slice(0, 40)}`)
            }
        }
        return found
    }
    window.fired = []
    const read = (text, kind) => new DOMParser().parseFromString(text, kind)
    const done = []
    for (const [name, text] of pieces) {
        window.steal = () => window.fired.push(name)
        const xhtml = read(text, 'application/xhtml+xml')
        const first = read(text, 'text/html').body
        const second = read(first.innerHTML, 'text/html').body
        const host = document.createElement('div')
        document.body.append(host)
        host.innerHTML = second.innerHTML
        for (const element of host.querySelectorAll('*')) { element.click?.(); element.dispatchEvent(new Event('error')) }
        const found = [xhtml, first, second, host].flatMap(active)
        if (xhtml.querySelector('parsererror')) found.push('not well-formed')
        host.remove()
        done.push({ name, active: found })
    }
    return { done, fired: window.fired }
}
await page.goto('about:blank')
await page.evaluate(() => addEventListener('click', event => event.preventDefault(), true))
const result = await page.evaluate(judge, pieces)
await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
const fired = await page.evaluate(() => window.fired)
await browser.close()
console.log(JSON.stringify({ ...result, fired, requests }))
