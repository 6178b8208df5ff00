// What is read from a page in the browser: its elements, its pixels, and what it shows when one points at it.

/** Waits until what was asked to be drawn in the next frame is drawn. */
export const frame = page => page.evaluate(() =>
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));

export const pageFacts = page => page.evaluate(() => ({
    title: document.title,
    lang: document.documentElement.lang,
    text: document.body.innerText,
    headings: [...document.querySelectorAll('h1,h2,h3,h4')].map(h => [Number(h.tagName[1]), h.textContent]),
    elements: [...new Set([...document.querySelectorAll('body *')].map(e => e.localName))].sort(),
    handlers: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
        .map(a => a.name).filter(n => n.startsWith('on')),
    scripts: document.scripts.length,
    background: getComputedStyle(document.body).backgroundColor,
    width: document.documentElement.clientWidth,
    scrollWidth: document.documentElement.scrollWidth,
    // What sticks out of the page without being in something that scrolls.
    outside: [...document.querySelectorAll('body *')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width > 1 && box.right > document.documentElement.clientWidth + 1 && !e.closest('.scroll');
    }).map(e => e.localName + '.' + e.className),
}));

/** Each plot's canvas: its size, how many pixels of it have a colour, and how many have that of each line in its legend. */
export const canvases = page => page.evaluate(() => {
    const near = (data, i, [r, g, b]) => data[i + 3] > 100
        && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 60;
    const numbers = color => color.match(/[\d.]+/g).slice(0, 3).map(Number);
    const seen = {};
    for (const holder of document.querySelectorAll('.plot')) {
        const canvas = holder.querySelector('canvas');
        if (!canvas) {
            seen[holder.id.replace('plot-', '')] = null;
            continue;
        }
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const lines = {};
        const over = holder.querySelector('.u-over').getBoundingClientRect();
        const area = {left: over.left - canvas.getBoundingClientRect().left, width: over.width};
        for (const row of [...holder.querySelectorAll('.u-legend .u-series')].slice(1)) {
            const color = numbers(getComputedStyle(row.querySelector('.u-marker')).borderTopColor);
            let pixels = 0;
            const columns = new Set();
            for (let i = 0; i < data.length; i += 4) {
                if (near(data, i, color)) {
                    pixels++;
                    columns.add(i / 4 % canvas.width);
                }
            }
            // Where along the axis the line is seen, 0 to 1.
            const along = [...columns].map(c => (c * canvas.clientWidth / canvas.width - area.left) / area.width);
            lines[row.querySelector('.u-label').textContent] = {color: color.join(' '), pixels, along};
        }
        let painted = 0;
        for (let i = 3; i < data.length; i += 4) {
            painted += data[i] > 0;
        }
        const box = canvas.getBoundingClientRect();
        const {clientWidth} = holder;
        seen[holder.id.replace('plot-', '')] = {width: box.width, height: box.height, holder: clientWidth, painted, lines};
    }
    return seen;
});

/** Each figure: its title and unit, why it is unknown, and the table under it. */
export const figures = page => page.evaluate(() => [...document.querySelectorAll('figure')].map(figure => ({
    id: figure.getAttribute('aria-labelledby').replace('t-', ''),
    title: figure.querySelector('h3').textContent,
    unknown: figure.querySelector('.unknown')?.textContent ?? null,
    headings: [...figure.querySelectorAll('details thead th')].map(h => h.textContent),
    rows: [...figure.querySelectorAll('details tbody tr')].map(row => [...row.cells].map(c => c.textContent)),
})));

const legends = page => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.plot')].map(holder => [
    holder.id.replace('plot-', ''),
    [...holder.querySelectorAll('.u-legend .u-series')].map(row =>
        [row.querySelector('.u-label').textContent, row.querySelector('.u-value').textContent]),
])));

/** Points at some places of each plot; what the legends of all of them show then. */
export async function hover(page) {
    const shown = [];
    for (const over of await page.$$('.u-over')) {
        await over.scrollIntoViewIfNeeded();
        const id = await over.evaluate(e => e.closest('.plot').id.replace('plot-', ''));
        const box = await over.boundingBox();
        for (const part of [0.08, 0.3, 0.52, 0.6375, 0.97]) {
            await page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
            await frame(page);
            shown.push({id, legends: await legends(page), near: await page.evaluate(n => document.getElementById(n)?.textContent, 'near-' + id)});
        }
        await page.mouse.move(box.x + box.width / 2, box.y - 30);
    }
    return shown;
}

/** Walks through the page by keyboard alone: what can be reached, what arrows show in a plot, whether its table opens. */
export async function walk(page) {
    await page.evaluate(() => { scrollTo(0, 0); document.activeElement.blur(); });
    const reached = [];
    const arrows = {};
    let spoken = null;
    for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            const outline = getComputedStyle(e).outlineStyle;
            return {tag: e.localName, id: e.id || e.parentElement?.id || '', outline, plot: e.classList.contains('plot')};
        });
        if (at.tag === 'body') {
            break;
        }
        reached.push(at);
        if (at.plot) {
            await page.keyboard.press('Home');
            const first = (await legends(page))[at.id.replace('plot-', '')];
            await page.keyboard.press('ArrowRight');
            arrows[at.id.replace('plot-', '')] = [first, (await legends(page))[at.id.replace('plot-', '')]];
            spoken ??= await page.textContent('#spoken');
        }
    }
    const summary = await page.$('#table-replicas > summary');
    let opened = null;
    if (summary) {
        await summary.focus();
        await page.keyboard.press('Enter');
        opened = await page.evaluate(() => document.getElementById('table-replicas').open);
    }
    return {reached, arrows, spoken, opened};
}

/** Runs in the page: notes what stands on paper, after the page itself has made ready for it. */
export const printing = () => addEventListener('beforeprint', () => {
    window.printed = {
        background: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
        canvases: [...document.querySelectorAll('.plot canvas')].map(c => c.getBoundingClientRect().width),
    };
});
