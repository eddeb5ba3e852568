// Opens files alone in headless Chromium, scripts allowed, and says as JSON what each of them did or asked for.
// usage: node open.mjs FOLDER
import { createServer } from 'node:http'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import puppeteer from 'puppeteer-core'

const [folder] = process.argv.slice(2)
const TYPES = { '.svg': 'image/svg+xml', '.xhtml': 'application/xhtml+xml', '.html': 'text/html', '.css': 'text/css' }

const server = createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1)
    try {
        const data = await readFile(join(folder, name))
        response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(data)
    } catch {
        response.writeHead(404).end()
    }
})
await new Promise(done => server.listen(0, '127.0.0.1', done))
const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

// What in a document could run, move, lead or reach elsewhere, whatever it did until now.
const active = () => {
    const found = []
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName
        if (/^(script|iframe|frame|object|embed|portal|form|link|meta|base|foreignObject|animate.*|set|discard|handler|listener|a|audio|video)$/.test(name)) found.push(`<${name}>`)
        for (const { name: key, value } of element.attributes) {
            if (/^on/i.test(key)) found.push(key)
            if (/^\s*(javascript|vbscript|file|smb):/i.test(value.replace(/[\t\n\r\0-\x1f]/g, ''))) found.push(`${key}=${value.slice(0, 40)}`)
            if (/(^|:)href$|^src$/.test(key) && !/^(#|data:image\/(png|jpeg|gif);)/.test(value)) found.push(`${key}=${value.slice(0, 40)}`)
        }
    }
    return found
}

const visit = async (page, name) => {
    const did = { name, requests: [], dialogs: 0, fired: false, active: [], error: '' }
    const address = `http://127.0.0.1:${server.address().port}/${encodeURIComponent(name)}`
    const asked = async request => {
        if (request.url() === address || request.url().endsWith('/favicon.ico')) return request.continue()
        did.requests.push(request.url().slice(0, 100))
        await request.abort()
    }
    const spoke = async dialog => { did.dialogs++; await dialog.dismiss() }
    page.on('request', asked).on('dialog', spoke)
    try {
        await page.goto(address, { waitUntil: 'load', timeout: 20000 })
        await page.mouse.click(30, 30)  // what waits for a reader
        await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
        did.fired = await page.evaluate(() => document.documentElement.hasAttribute('data-fired'))
        did.active = await page.evaluate(active)
    } catch (problem) {
        did.error = String(problem)
    }
    page.off('request', asked).off('dialog', spoke)
    return did
}

const done = []
let page = null
for (const name of (await readdir(folder)).sort()) {
    if (page === null) {
        page = await browser.newPage()
        await page.setRequestInterception(true)
    }
    const did = await visit(page, name)
    done.push(did)
    if (did.error || did.requests.length) {  // it may still be on its way elsewhere
        await page.close()
        page = null
    }
}
await browser.close()
server.close()
console.log(JSON.stringify(done))
