'use strict';
// Draws the plots from the page's own data. Whatever a run brought along is only ever set as text.
(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const root = document.documentElement;
    const whole = {min: data.range[0], max: data.range[1]};
    const LONGEST_JOIN = 1.5;
    const NEAR_PIXELS = 8;
    const PRINTED_WIDTH = 680;
    const COLORS = 8;
    const spoken = document.getElementById('spoken');
    let view = whole;
    let drawn = [];

    const css = name => getComputedStyle(root).getPropertyValue(name).trim();
    const colorOf = line =>
        line.look === 'bound' ? css('--bound') : line.look === 'total' ? css('--ink')
            : css('--line-' + line.color % COLORS);
    // Nothing where nothing is pointed at; a dash where the number is unknown.
    const textOf = (value, index) => index == null ? '' : value == null ? '\u2013' : String(value);
    // As in the tables: a viewer's own language might write a thousand as 1.000.
    const plain = (u, splits) => splits.map(v => v == null ? '' : String(Number(v.toFixed(6))));

    function series(plot) {
        const values = plot.lines.filter(line => line.look !== 'bound').length;
        return plot.lines.map((line, i) => {
            const bound = line.look === 'bound';
            const longest = LONGEST_JOIN * usual(plot.x.filter((x, at) => line.values[at] != null));
            return {
                label: line.label,
                stroke: () => colorOf(line),
                // Where lines lie on each other, each later one is narrower.
                width: bound ? 1.25 : 1.75 + (plot.steps ? 1.5 * Math.max(0, values - 1 - i) : 0),
                dash: bound ? [6, 4] : line.color >= COLORS ? [10, 3] : undefined,
                paths: plot.steps && !bound ? uPlot.paths.stepped({align: 1}) : undefined,
                points: bound || plot.steps ? {show: false} : {size: 4},
                gaps: (u, s, from, to, gaps) =>
                    plot.axis === 'time' ? gaps.filter(longer(u, longest)) : [],
                value: (u, value, s, index) => textOf(value, index),
            };
        });
    }

    /** The median distance of neighbours. */
    function usual(x) {
        const apart = x.slice(1).map((v, i) => v - x[i]).sort((a, b) => a - b);
        return apart[apart.length >> 1] ?? 0;
    }

    // A rate that is known every ten seconds is one line; a longer silence than usual stays a gap.
    const longer = (u, longest) => gap => {
        const seconds = u.scales.x.max - u.scales.x.min;
        return (gap[1] - gap[0]) / u.bbox.width * seconds > longest;
    };

    /** Behind the lines: when the load was on. */
    function load(u) {
        const {ctx, bbox, scales: {x}} = u;
        const [from, to] = data.load.map(t =>
            u.valToPos(Math.min(Math.max(t, x.min), x.max), 'x', true));
        ctx.fillStyle = css('--load');
        ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }

    const inView = u => data.marks.filter(m => m.t >= u.scales.x.min && m.t <= u.scales.x.max);
    const place = (u, mark) => Math.round(u.valToPos(mark.t, 'x', true)) + 0.5;

    /** Behind the lines: decisions and events of pods. */
    function upright(u) {
        const {ctx, bbox} = u;
        const px = devicePixelRatio;
        ctx.save();
        for (const mark of inView(u).filter(m => m.kind !== 'run')) {
            const x = place(u, mark);
            ctx.strokeStyle = css('--mark-' + mark.kind);
            ctx.lineWidth = (mark.kind === 'decision' ? 1.5 : 1) * px;
            ctx.setLineDash(mark.kind === 'pod' ? [2 * px, 3 * px] : []);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
        }
        ctx.restore();
    }

    /** Over the first plot: decisions in words, and where there is room the load's beginning and end. */
    function words(u) {
        const {ctx, bbox} = u;
        const px = devicePixelRatio;
        const taken = [];
        ctx.save();
        ctx.font = '600 ' + 11 * px + 'px system-ui, sans-serif';
        ctx.textAlign = 'center';
        const briefs = inView(u).filter(m => m.brief);
        for (const mark of [...briefs.filter(m => m.kind !== 'run'), ...briefs.filter(m => m.kind === 'run')]) {
            const half = ctx.measureText(mark.brief).width / 2 + 2 * px;
            const x = Math.min(place(u, mark), ctx.canvas.width - half);
            if (taken.every(([from, to]) => x + half < from || x - half > to)) {
                ctx.fillStyle = css('--mark-' + mark.kind);
                ctx.fillText(mark.brief, x, bbox.top - 4 * px);
                taken.push([x - half, x + half]);
            }
        }
        ctx.restore();
    }

    /** What stands where one points: in a plot's own line, and aloud where it is the keyboard that points. */
    const tell = (plot, near) => u => {
        const {left, idx} = u.cursor;
        u.root.classList.toggle('idle', idx == null);
        const keyed = document.activeElement === u.root.parentElement;
        const here = left != null && left >= 0 && (keyed || u.over.matches(':hover'));
        const marks = here && plot.axis === 'time'
            ? data.marks.filter(m => Math.abs(u.valToPos(m.t, 'x') - left) <= NEAR_PIXELS) : [];
        near.textContent = marks.map(m => m.t + ' s: ' + m.what).join(' \u00b7 ');
        if (here && keyed && idx != null) {
            const at = plot.axis === 'time' ? plot.x[idx] + ' s' : plot.rows[idx];
            spoken.textContent = [at, ...plot.lines.map(l => l.label + ' ' + textOf(l.values[idx], idx)),
                near.textContent].join(', ');
        }
    };

    function see(range) {
        view = range;
        drawn.filter(d => d.plot.axis === 'time').forEach(d => d.chart.setScale('x', view));
    }

    function zoom(u) {
        const {left, width} = u.select;
        if (width > 0) {
            const range = {min: u.posToVal(left, 'x'), max: u.posToVal(left + width, 'x')};
            u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
            see(range);
        }
    }

    const STEPS = {ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity};

    /** Arrow keys read a plot's values one by one, Escape shows the whole run again. */
    function keys(event) {
        const {plot, chart} = drawn.find(d => d.holder === event.currentTarget);
        const step = STEPS[event.key];
        if (event.key === 'Escape') {
            see(whole);
        }
        if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        event.preventDefault();
        const {min, max} = chart.scales.x;
        const first = plot.x.findIndex(x => x >= min);
        const last = plot.x.findLastIndex(x => x <= max);
        const at = Math.min(Math.max((chart.cursor.idx ?? first - 1) + step, first), last);
        chart.setCursor({left: chart.valToPos(plot.x[at], 'x'), top: 0}, true, true);
    }

    /** Made ready for the keyboard once; a plot may be drawn anew in it. */
    function readable(plot) {
        const holder = document.getElementById('plot-' + plot.id);
        holder.tabIndex = 0;
        holder.setAttribute('role', 'group');
        holder.setAttribute('aria-label', document.getElementById('t-' + plot.id).textContent
            + ': plot. Arrow keys read its values; the table after it has the same numbers.');
        holder.addEventListener('keydown', keys);
        holder.addEventListener('blur', () => drawn.forEach(d => d.chart.setCursor({left: -10, top: -10})));
    }

    function timeOptions(plot, near) {
        return {
            x: {label: 'at', value: (u, v, s, i) => i == null ? '' : v + ' s'},
            scale: {time: false, range: () => [view.min, view.max]},
            axis: {incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
                values: (u, splits) => splits.map(s => s + ' s')},
            cursor: {
                y: false,
                sync: {key: 'run', setSeries: false, scales: ['x', null]},
                drag: {x: true, y: false, setScale: false},
                bind: {dblclick: () => () => { see(whole); return null; }},
            },
            hooks: {drawClear: [load], drawAxes: plot === data.plots[0] ? [upright, words] : [upright],
                setCursor: [tell(plot, near)], setSelect: [zoom]},
        };
    }

    function percentileOptions(plot, near) {
        const names = {'0.301': '50', '1': '90', '2': '99', '3': '99.9', '4': '99.99', '5': '99.999'};
        const last = plot.x[plot.x.length - 1];
        return {
            x: {label: 'at', value: (u, v, s, i) => i == null ? '' : plot.rows[i]},
            scale: {time: false, range: () => [0, Math.max(last, 1)]},
            axis: {splits: () => Object.keys(names).map(Number).sort((a, b) => a - b)
                    .filter(v => v <= Math.max(last, 1)),
                values: (u, splits) => splits.map(v => 'p' + names[String(v)])},
            cursor: {y: false, drag: {x: false, y: false}},
            hooks: {setCursor: [tell(plot, near)]},
        };
    }

    function draw(plot) {
        const holder = document.getElementById('plot-' + plot.id);
        const near = document.getElementById('near-' + plot.id);
        const own = plot.axis === 'time' ? timeOptions(plot, near) : percentileOptions(plot, near);
        const line = {stroke: () => css('--grid'), width: 1};
        const axis = {stroke: () => css('--muted'), grid: line, ticks: line,
            font: '12px system-ui, sans-serif'};
        const options = {
            ...size(holder),
            legend: {live: true},
            cursor: own.cursor,
            hooks: own.hooks,
            scales: {x: own.scale, y: {range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1]}},
            axes: [{...axis, ...own.axis}, {...axis, size: 58, values: plain}],
            series: [own.x, ...series(plot)],
        };
        const values = [plot.x, ...plot.lines.map(l => l.values)];
        const chart = new uPlot(options, values, holder);
        chart.root.classList.add('idle');
        return {plot, holder, chart};
    }

    function size(holder) {
        const printing = root.classList.contains('printing');
        const width = printing ? PRINTED_WIDTH : holder.clientWidth;
        return {width, height: width < 500 ? 160 : 180};
    }

    function drawAll() {
        drawn.forEach(d => d.chart.destroy());
        drawn = data.plots.map(draw);
    }

    // Colors are taken from the page's style, so a change of it draws anew.
    const print = printing => () => {
        root.classList.toggle('printing', printing);
        drawAll();
    };
    data.plots.forEach(readable);
    drawAll();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
    addEventListener('beforeprint', print(true));
    addEventListener('afterprint', print(false));
    // In a frame of its own: a new size in the midst of a layout would be observed in the same one.
    const fit = () => drawn
        .filter(d => d.chart.width !== size(d.holder).width)
        .forEach(d => d.chart.setSize(size(d.holder)));
    const watcher = new ResizeObserver(() => requestAnimationFrame(fit));
    drawn.forEach(d => watcher.observe(d.holder));
})();
