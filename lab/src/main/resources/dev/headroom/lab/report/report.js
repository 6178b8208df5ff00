'use strict';
// Draws the plots from the page's own data. Whatever a run brought along is only ever set as text.
(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const root = document.documentElement;
    const whole = {min: data.range[0], max: data.range[1]};
    const LONGEST_JOIN_SECONDS = 15;
    const NEAR_PIXELS = 8;
    const PRINTED_WIDTH = 680;
    const COLORS = 8;
    let view = whole;
    let drawn = [];

    const css = name => getComputedStyle(root).getPropertyValue(name).trim();
    const colorOf = (line, index) =>
        line.bound ? css('--bound') : css('--line-' + index % COLORS);
    const textOf = value => value == null ? '\u2013' : String(value);

    function series(plot) {
        let index = -1;
        const values = plot.lines.filter(line => !line.bound).length;
        return plot.lines.map(line => {
            index += line.bound ? 0 : 1;
            const at = index;
            const wide = plot.steps && !line.bound ? 1.5 * (values - 1 - at) : 0;
            return {
                label: line.label,
                stroke: () => colorOf(line, at),
                // Where lines lie on each other, each later one is narrower.
                width: (line.bound ? 1.25 : 1.75) + wide,
                dash: line.bound ? [6, 4] : at >= COLORS ? [10, 3] : undefined,
                paths: plot.steps && !line.bound ? uPlot.paths.stepped({align: 1}) : undefined,
                points: line.bound || plot.steps ? {show: false} : {size: 4},
                gaps: (u, s, from, to, gaps) => plot.axis === 'time' ? gaps.filter(long(u)) : [],
                value: (u, value) => textOf(value),
            };
        });
    }

    // A rate known every few seconds is one line; a longer silence stays a gap.
    const long = u => gap => {
        const seconds = u.scales.x.max - u.scales.x.min;
        return (gap[1] - gap[0]) / u.bbox.width * seconds > LONGEST_JOIN_SECONDS;
    };

    function upright(u) {
        const {ctx, bbox} = u;
        ctx.save();
        for (const mark of data.marks) {
            if (mark.t < u.scales.x.min || mark.t > u.scales.x.max) {
                continue;
            }
            const x = Math.round(u.valToPos(mark.t, 'x', true)) + 0.5;
            ctx.strokeStyle = css('--mark-' + mark.kind);
            ctx.lineWidth = (mark.kind === 'decision' ? 1.5 : 1) * devicePixelRatio;
            ctx.setLineDash(mark.kind === 'pod' ? [2 * devicePixelRatio, 3 * devicePixelRatio] : []);
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
        }
        ctx.restore();
    }

    const tell = near => u => {
        const left = u.cursor.left;
        const marks = left == null || left < 0 || !u.over.matches(':hover')
            ? []
            : data.marks.filter(m => Math.abs(u.valToPos(m.t, 'x') - left) <= NEAR_PIXELS);
        near.textContent = marks.map(m => m.t + ' s: ' + m.what).join(' \u00b7 ');
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

    function timeOptions(plot, near) {
        return {
            x: {label: 's', value: (u, v) => v == null ? '\u2013' : String(v)},
            scale: {time: false, range: () => [view.min, view.max]},
            axis: {incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
                values: (u, splits) => splits.map(s => s + ' s')},
            cursor: {
                y: false,
                sync: {key: 'run', setSeries: false, scales: ['x', null]},
                drag: {x: true, y: false, setScale: false},
                bind: {dblclick: () => () => { see(whole); return null; }},
            },
            hooks: {drawAxes: [upright], setCursor: [tell(near)], setSelect: [zoom]},
        };
    }

    function percentileOptions(plot) {
        const names = {'0.301': '50', '1': '90', '2': '99', '3': '99.9', '4': '99.99', '5': '99.999'};
        const last = plot.x[plot.x.length - 1];
        return {
            x: {label: 'percentile', value: (u, v, s, i) => i == null ? '\u2013' : plot.rows[i]},
            scale: {time: false, range: () => [0, Math.max(last, 1)]},
            axis: {splits: () => Object.keys(names).map(Number).sort((a, b) => a - b)
                    .filter(v => v <= Math.max(last, 1)),
                values: (u, splits) => splits.map(v => 'p' + names[String(v)])},
            cursor: {y: false, drag: {x: false, y: false}},
            hooks: {},
        };
    }

    function draw(plot) {
        const holder = document.getElementById('plot-' + plot.id);
        const near = document.getElementById('near-' + plot.id);
        const own = plot.axis === 'time' ? timeOptions(plot, near) : percentileOptions(plot);
        const line = {stroke: () => css('--grid'), width: 1};
        const axis = {stroke: () => css('--muted'), grid: line, ticks: line,
            font: '12px system-ui, sans-serif'};
        const options = {
            ...size(holder),
            legend: {live: true},
            cursor: own.cursor,
            hooks: own.hooks,
            scales: {x: own.scale, y: {range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1]}},
            axes: [{...axis, ...own.axis}, {...axis, size: 58}],
            series: [own.x, ...series(plot)],
        };
        const values = [plot.x, ...plot.lines.map(l => l.values)];
        return {plot, holder, chart: new uPlot(options, values, holder)};
    }

    function size(holder) {
        const printing = root.classList.contains('printing');
        const width = printing ? PRINTED_WIDTH : holder.clientWidth;
        return {width, height: width < 500 ? 170 : 210};
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
