// Uses the page at /docs as a person does and prints, as JSON, what is seen; what ought to be seen is for the test in Java to say.
//   node docs.mjs CHROMIUM ORIGIN OUT      screenshots are left in OUT
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [executablePath, origin, out] = process.argv.slice(2);
const VIEWS = {
    desktop: {viewport: {width: 1280, height: 900}, colorScheme: 'light'},
    phone: {viewport: {width: 360, height: 740}, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark'},
};

async function predict(page, values, probabilities) {
    for (const [name, value] of Object.entries(values)) {
        await page.fill('#' + name, value);
    }
    await page.setChecked('#probabilities', probabilities);
    await page.evaluate(() => { document.getElementById('answer').textContent = ''; });
    await page.getByRole('button', {name: 'Predict'}).press('Enter');
    await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
    return page.locator('#answer').innerText();
}

async function visit(browser, name) {
    // The page's policy stays in force for the page; only the checker that is put into it must pass.
    const context = await browser.newContext({...VIEWS[name], bypassCSP: name === 'phone'});
    const said = [];
    const elsewhere = [];
    const page = await context.newPage();
    page.on('console', message => said.push(message.text()));
    page.on('pageerror', error => said.push(String(error)));
    page.on('request', request => request.url().startsWith(origin + '/') || request.url().startsWith('data:') || elsewhere.push(request.url()));
    await page.goto(origin + '/docs', {waitUntil: 'load'});
    const facts = {
        title: await page.title(),
        setosa: await predict(page, {sepal_length: '5.1', sepal_width: '3.5', petal_length: '1.4', petal_width: '0.2'}, false),
        virginica: await predict(page, {sepal_length: '6.3', sepal_width: '3.3', petal_length: '6.0', petal_width: '2.5'}, true),
        curl: await page.locator('#curl').innerText(),
    };
    facts.saidByThePage = [...said];
    facts.wrong = await predict(page, {petal_width: ''}, false);
    facts.elsewhere = elsewhere;
    facts.width = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    if (name === 'phone') {
        await page.evaluate(axe);
        facts.violations = await page.evaluate(async () => (await window.axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')));
    }
    await page.screenshot({path: join(out, `docs-${name}.png`), fullPage: true});
    await context.close();
    return facts;
}

// Chromium's sandbox refuses to run as root.
const browser = await chromium.launch({executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : []});
try {
    console.log(JSON.stringify({desktop: await visit(browser, 'desktop'), phone: await visit(browser, 'phone')}));
} finally {
    await browser.close();
}
