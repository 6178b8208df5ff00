// Looks at report pages with a real browser and prints, as JSON, what is seen there; what ought to be seen is for the tests in Java to say.
//   node look.mjs CHROMIUM OUT NAME:MODE,MODE…=PAGE.html…      screenshots and PDFs are left in OUT
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {canvases, figures, frame, hover, pageFacts, printing, walk} from './seen.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [executablePath, out, ...pages] = process.argv.slice(2);
// Chromium's sandbox refuses to run as root.
const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
const DESKTOP = {viewport: {width: 1280, height: 900}};
const PHONE = {viewport: {width: 390, height: 844}, deviceScaleFactor: 2, isMobile: true, hasTouch: true};

const MODES = {
    light: {context: {...DESKTOP, colorScheme: 'light'}, look: async page => ({
        ...await everything(page), hover: await hover(page), walk: await walk(page), policy: await policy(page)})},
    bare: {context: {...DESKTOP, colorScheme: 'light'}, look: async page => ({
        canvases: await canvases(page), figures: await figures(page)})},
    dark: {context: {...DESKTOP, colorScheme: 'dark'}, look: everything},
    phone: {context: {...PHONE, colorScheme: 'light'}, look: everything},
    narrow: {context: {...PHONE, viewport: {width: 320, height: 700}, colorScheme: 'dark'}, look: everything},
    print: {context: {...DESKTOP, colorScheme: 'dark'}, look: print},
    scriptless: {context: {...DESKTOP, javaScriptEnabled: false}, look: async () => ({})},
};

/** Opens a page without a network; whatever it asks for beside itself is written down and refused. */
async function visit(browser, mode, name, file) {
    const {context: options, look} = MODES[mode];
    const context = await browser.newContext({reducedMotion: 'reduce', ...options});
    const said = [];
    const asked = [];
    const address = pathToFileURL(file).href;
    await context.route('**', route => {
        const url = route.request().url();
        if (url === address) {
            return route.continue();
        }
        asked.push(url);
        return route.abort();
    });
    const page = await context.newPage();
    page.on('console', message => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
    page.on('pageerror', error => said.push(String(error)));
    page.on('dialog', dialog => { said.push('dialog: ' + dialog.message()); return dialog.dismiss(); });
    page.on('popup', popup => said.push('popup: ' + popup.url()));
    await context.setOffline(true);
    await page.goto(address, {waitUntil: 'load'});
    if (options.javaScriptEnabled !== false) {
        await frame(page);
    }
    // What was said and asked until here is the page's own doing; trying its policy adds more.
    const facts = {...await pageFacts(page), said: [...said], asked: [...asked]};
    Object.assign(facts, await look(page, join(out, name + '-' + mode)));
    await page.screenshot({path: join(out, `${name}-${mode}.png`)});
    await context.close();
    return facts;
}

async function everything(page) {
    return {canvases: await canvases(page), figures: await figures(page), axe: await accessible(page)};
}

/** What axe-core finds at fault: rule, and where. */
async function accessible(page) {
    await page.evaluate(axe + ';0');
    const {violations, passes} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations', 'passes']}));
    return {
        violations: violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`)),
        rules: passes.map(p => p.id),
    };
}

async function print(page, path) {
    await page.evaluate(printing);
    const pdf = await page.pdf({path: path + '.pdf', format: 'A4', margin: {top: '12mm', bottom: '12mm', left: '12mm', right: '12mm'}});
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    return {printed: await page.evaluate(() => window.printed), sheets: sheets.length, canvases: await canvases(page)};
}

/** Tries what text of others would have to do to be harmful, were it markup; the page's policy is to refuse it. */
async function policy(page) {
    return page.evaluate(async () => {
        const refused = [];
        document.addEventListener('securitypolicyviolation', e => refused.push(e.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        const picture = new Image();
        picture.src = 'https://elsewhere.test/picture.png';
        document.body.append(script, picture);
        await fetch('https://elsewhere.test/').catch(() => {});
        await new Promise(done => setTimeout(done, 50));
        script.remove();
        picture.remove();
        return {ran: window.ran === true, refused};
    });
}

const browser = await chromium.launch({executablePath, args});
try {
    const seen = {};
    for (const page of pages) {
        const [, name, modes, file] = page.match(/^([^:]+):([^=]+)=(.*)$/s);
        seen[name] = {};
        for (const mode of modes.split(',')) {
            seen[name][mode] = await visit(browser, mode, name, file);
        }
    }
    process.stdout.write(JSON.stringify(seen));
} finally {
    await browser.close();
}
