"use strict";
// Charts of documents/charts.py drawn as SVG. Each kind turns its specification and a width into marks, a height,
// a legend and "stops": the places that a pointer or the arrow keys can stand on, each with what is read out there.
// The stops are also the rows of the table of data, so that all three show the same figures.
const Charts = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const LINE = { top: 24, right: 18, bottom: 30 };
  const pen = document.createElement("canvas").getContext("2d");

  function mark(tag, attributes = {}, text) {
    const made = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function html(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }
  const tone = (role) => `var(--tone-${role})`;
  const label = (x, y, text, anchor = "start", cls = "") =>
    mark("text", { x, y, "text-anchor": anchor, "dominant-baseline": "central", class: cls }, text);
  const rule = (x1, y1, x2, y2, cls) => mark("line", { x1, y1, x2, y2, class: cls });
  const wide = (text) => {
    pen.font = `12.5px ${getComputedStyle(document.body).fontFamily}`;
    return pen.measureText(text).width;
  };
  const short = (text, room) => {
    if (wide(text) <= room) return text;
    const signs = [...text];
    while (signs.length && wide(`${signs.join("")}…`) > room) signs.pop();
    return `${signs.join("")}…`;
  };
  const printed = (value, spec) => (value === null ? spec.words.none : value.toFixed(spec.decimals));
  const withUnit = (value, spec) =>
    value === null ? spec.words.none : `${value.toFixed(spec.decimals)}${spec.unit === "%" ? "" : " "}${spec.unit}`;
  const known = (values) => values.filter((value) => value !== null);

  function ticks(low, high, count = 5) {
    const rough = (high - low || 1) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 2.5, 5, 10].find((times) => times * power >= rough * 0.999);
    const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + (/25$/.test(String(Math.round(step / power * 10))) ? 1 : 0));
    const found = [];
    for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) found.push(at * step);
    return found.map((value) => ({ value, text: value.toFixed(digits) }));
  }
  const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

  // Axes of charts whose positions run from left to right.
  function columns(spec, width, low, high, height = 300) {
    const marksY = ticks(low, high);
    const left = Math.max(...marksY.map((tick) => wide(tick.text))) + 14;
    const y = scale(low, high, height - LINE.bottom, LINE.top);
    const parts = [label(0, 6, spec.unit, "start", "tick")];
    for (const tick of marksY) {
      parts.push(rule(left, y(tick.value), width - LINE.right, y(tick.value), tick.value === 0 ? "axis" : "grid"));
      parts.push(label(left - 7, y(tick.value), tick.text, "end", "tick"));
    }
    parts.push(rule(left, height - LINE.bottom, width - LINE.right, height - LINE.bottom, "axis"));
    return { left, right: width - LINE.right, top: LINE.top, bottom: height - LINE.bottom, height, y, parts };
  }
  function below(frame, places, texts) {
    const room = (frame.right - frame.left) / Math.max(places.length - 1, 1);
    const every = Math.ceil((Math.max(...texts.map(wide)) + 10) / room);
    return places.flatMap((x, at) => (at % every ? [] : [label(x, frame.bottom + 15, texts[at], "middle", "tick")]));
  }
  // Names of charts whose rows run from top to bottom: beside the marks, or above them where there is no room.
  // A name too long for one line takes two of about the same length.
  function folded(name, room) {
    const words = name.split(" ");
    if (wide(name) <= room || words.length < 2) return [name];
    const parts = words.slice(1).map((_, at) => [words.slice(0, at + 1).join(" "), words.slice(at + 1).join(" ")]);
    return parts.reduce((best, pair) => (Math.max(...pair.map(wide)) < Math.max(...best.map(wide)) ? pair : best));
  }
  function rows(names, width, tall = 27) {
    const lines = names.map((name) => folded(name, 0.34 * width));
    const gutter = Math.max(...lines.flat().map(wide)) + 14;
    const above = gutter > 0.42 * width;
    const step = above ? tall + 17 : tall + (lines.some((pair) => pair.length > 1) ? 8 : 0);
    const middle = (at) => at * step + (above ? 17 : 0) + tall / 2 + 6;
    const parts = names.flatMap((name, at) => above ? [label(0, middle(at) - tall / 2 - 6, short(name, width), "start", "name")]
      : lines[at].map((text, line) => label(gutter - 10, middle(at) + 14 * (line - (lines[at].length - 1) / 2), text, "end", "name")));
    return { left: above ? 0 : gutter, step, middle, parts, bottom: names.length * step + 8,
             box: (at) => ({ x: 0, y: at * step + 4, w: width, h: step }) };
  }

  const kinds = {
    lines(spec, width, off) {
      const named = typeof spec.x[0] === "string";
      const shown = spec.series.filter((one) => !off.has(one.name));
      const drawn = known([...shown.flatMap((one) => [...one.values, ...one.bands.flatMap((band) => [...band.low, ...band.high])]),
        ...spec.marks.map((one) => one.y), ...spec.levels.map((one) => one.value)]);
      const least = Math.min(...drawn), most = Math.max(...drawn), margin = 0.06 * (most - least || Math.abs(most) || 1);
      const frame = columns(spec, width, spec.low ?? least - margin, spec.high ?? most + margin);
      const at = named ? spec.x.map((_, place) => place) : spec.x;
      const ends = [Math.min(...at, ...spec.marks.map((one) => one.x)), Math.max(...at, ...spec.marks.map((one) => one.x))];
      const x = scale(ends[0], ends[1], frame.left + 10, frame.right - 10);
      const path = (values) => values.map((value, place) => value === null ? "" :
        `${place && values[place - 1] !== null ? "L" : "M"}${x(at[place]).toFixed(1)},${frame.y(value).toFixed(1)}`).join("");
      const parts = [...frame.parts];
      for (const one of shown) {
        for (const band of one.bands) {
          const there = at.map((_, place) => place).filter((place) => band.low[place] !== null && band.high[place] !== null);
          const edge = (side, order) => order.map((place) => `${x(at[place]).toFixed(1)},${frame.y(band[side][place]).toFixed(1)}`);
          parts.push(mark("polygon", { class: "band", fill: tone(one.tone), "fill-opacity": shown.length > 1 ? 0.13 : 0.2,
            points: [...edge("high", there), ...edge("low", there.toReversed ? there.toReversed() : [...there].reverse())].join(" ") }));
        }
      }
      for (const one of spec.levels) {
        const y = frame.y(one.value);
        parts.push(mark("line", { x1: frame.left, x2: frame.right, y1: y, y2: y, class: "level", stroke: tone(one.tone) }));
        parts.push(mark("text", { x: frame.left + 4, y: y - 6, class: "note", style: `fill:${tone(one.tone)}` }, `${one.name} ${printed(one.value, spec)}`));
      }
      for (const one of shown) parts.push(mark("path", { d: path(one.values), class: one.dashed ? "line dashed" : "line", stroke: tone(one.tone) }));
      for (const one of spec.marks) parts.push(point(one.shape, x(one.x), frame.y(one.y), one.tone));
      const texts = spec.x.map(String);
      const tickPlaces = named || at.length <= 12 ? [at, texts] : (() => { const made = ticks(ends[0], ends[1], 6); return [made.map((t) => t.value), made.map((t) => t.text)]; })();
      parts.push(...below(frame, tickPlaces[0].map(x), tickPlaces[1]));
      const room = (frame.right - frame.left) / Math.max(at.length - 1, 1);
      const stops = at.map((place, which) => ({
        x: x(place) - room / 2, y: frame.top, w: room, h: frame.bottom - frame.top, line: x(place),
        title: `${texts[which]}${spec.xLabel ? ` ${spec.xLabel}` : ""}`,
        read: [...shown.flatMap((one) => [[one.name, withUnit(one.values[which], spec)],
          ...one.bands.map((band) => [shown.length > 1 ? `${one.name} ${band.name}` : band.name, `${printed(band.low[which], spec)}–${printed(band.high[which], spec)}`])]),
          ...spec.marks.filter((one) => one.x === place).map((one) => [one.name, withUnit(one.y, spec)])] }));
      const legend = [...spec.series.map((one) => ({ name: one.name, tone: one.tone, shape: "line", toggles: spec.series.length > 1 })),
        ...(spec.series.length === 1 ? spec.series[0].bands.map((band, which) => ({ name: band.name, tone: spec.series[0].tone, shape: "band", weight: which + 1 })) : []),
        ...[...new Map(spec.marks.map((one) => [one.name, { name: one.name, tone: one.tone, shape: one.shape }])).values()]];
      if (spec.xLabel) parts.push(label(frame.right, frame.bottom + 32, spec.xLabel, "end", "tick"));
      return { parts, height: frame.height + (spec.xLabel ? 14 : 0), stops, legend };
    },

    bars(spec, width) {
      const list = rows(spec.rows.map((row) => row.name), width);
      const high = spec.high ?? Math.max(...known(spec.rows.map((row) => row.value)), 0);
      const x = scale(0, high, list.left, width - 52);
      const parts = [...list.parts];
      const stops = spec.rows.map((row, at) => {
        const y = list.middle(at), text = row.shown ?? printed(row.value, spec);
        if (spec.high !== null) parts.push(mark("rect", { x: list.left, y: y - 8, width: x(high) - list.left, height: 16, class: "whole" }));
        if (row.value !== null) parts.push(mark("rect", { x: list.left, y: y - 8, width: Math.max(x(row.value) - list.left, 1.5), height: 16, fill: tone(row.tone), class: "bar" }));
        parts.push(label(x(spec.high !== null ? high : row.value ?? 0) + 6, y, text + (spec.unit === "%" ? "%" : ""), "start", "figure"));
        return { ...list.box(at), title: row.name, read: [[spec.unit === "%" ? "" : spec.unit, text + (spec.unit === "%" ? "%" : "")], ...(row.note ? [["", row.note]] : [])] };
      });
      return { parts, height: list.bottom, stops, across: true,
        legend: Object.entries(spec.legend).map(([role, name]) => ({ name, tone: role, shape: "bar" })) };
    },

    dumbbells(spec, width) {
      const list = rows(spec.rows.map((row) => row.name), width);
      const values = known(spec.rows.flatMap((row) => [row.first, row.second]));
      // An outlier beyond the limits of the axis becomes an arrow at its end.
      const low = Math.max(spec.low ?? -Infinity, Math.min(0, ...values)), high = Math.min(spec.high ?? Infinity, Math.max(...values, 0));
      const x = scale(low, high, list.left + 10, width - 26), held = (value) => x(Math.min(Math.max(value, low), high));
      const parts = [];
      for (const tick of ticks(low, high)) {
        parts.push(rule(x(tick.value), 4, x(tick.value), list.bottom, tick.value === 0 ? "axis" : "grid"));
        parts.push(label(x(tick.value), list.bottom + 11, tick.text + (spec.unit === "%" ? "%" : ""), "middle", "tick"));
      }
      parts.push(...list.parts);
      const stops = spec.rows.map((row, at) => {
        const y = list.middle(at), behind = row.second !== null && row.first !== null && row.second < row.first;
        const colour = behind ? "behind" : "ahead";
        if (row.first !== null && row.second !== null) parts.push(mark("line", { x1: held(row.first), x2: held(row.second), y1: y, y2: y, class: "link", stroke: tone(colour) }));
        if (row.first !== null) parts.push(mark("line", { x1: held(row.first), x2: held(row.first), y1: y - 8, y2: y + 8, class: "stem" }));
        if (row.second === null) { if (row.note) parts.push(label(x(row.first ?? 0) + 12, y, row.note, "start", "missing")); }
        else if (row.second > high || row.second < low) parts.push(point(row.second > high ? "right" : "left", held(row.second), y, colour));
        else parts.push(point("circle", x(row.second), y, colour));
        return { ...list.box(at), title: row.name, read: [[spec.labels[0], withUnit(row.first, spec)], [spec.labels[1], withUnit(row.second, spec)], ...(row.note ? [["", row.note]] : [])] };
      });
      return { parts, height: list.bottom + 22, stops, across: true,
        legend: [{ name: spec.labels[0], tone: "ink", shape: "stem" }, { name: spec.labels[1], tone: "ahead", shape: "circle" }] };
    },

    lamps(spec, width) {
      const list = rows(spec.rows.map((row) => row.name), width, 25);
      const room = Math.min((width - list.left - 4) / spec.columns.length, 64), radius = Math.min(9, room / 2 - 0.6);
      const x = (at) => list.left + (at + 0.5) * room;
      const frame = { left: x(0), right: x(spec.columns.length - 1), bottom: list.bottom - 4 };
      const parts = [...list.parts, ...below(frame, spec.columns.map((_, at) => x(at)), spec.columns)];
      const stops = [];
      spec.rows.forEach((row, line) => row.states.forEach((state, at) => {
        if (!state) return;
        const y = list.middle(line), { name, colour } = spec.states[state];
        parts.push(mark("circle", { cx: x(at), cy: y, r: radius, fill: colour, class: "lamp" }));
        // The first letter says the state without its colour.
        if (radius >= 8) parts.push(label(x(at), y + 0.5, name[0], "middle", "letter"));
        stops.push({ x: x(at) - room / 2, y: y - list.step / 2, w: room, h: list.step, title: `${row.name} ${spec.columns[at]}`, read: [["", name], ...(row.notes[at] ? [["", row.notes[at]]] : [])] });
      }));
      return { parts, height: list.bottom + 22, stops,
        legend: Object.values(spec.states).map(({ name, colour }) => ({ name, colour, shape: "circle" })) };
    },

    pyramid(spec, width) {
      const height = 430, top = 24, bottom = height - 30, gap = 20, centre = width / 2;
      const [left, right] = spec.sides;
      const most = Math.max(...known(spec.sides.flatMap((side) => [...side.before, ...side.after]))) * 1.05;
      const reach = scale(0, most, gap, centre - 12);
      const tall = (bottom - top) / spec.ages.length;
      const y = (at) => bottom - (at + 1) * tall;
      const parts = [];
      for (const tick of ticks(0, most, 4)) for (const side of [-1, 1]) {
        const place = centre + side * reach(tick.value);
        parts.push(rule(place, top, place, bottom, tick.value ? "grid" : "axis"), label(place, bottom + 14, tick.text, "middle", "tick"));
      }
      spec.sides.forEach((side, which) => {
        const way = which ? 1 : -1, ink = which ? "1" : "0";
        side.after.forEach((value, at) => { const long = reach(value ?? 0) - gap;
          parts.push(mark("rect", { x: way > 0 ? centre + gap : centre - gap - long, y: y(at), width: Math.max(long, 0), height: Math.max(tall - 0.4, 0.6), fill: tone(ink), class: "people" })); });
        const outline = side.before.map((value, at) => { const place = (centre + way * reach(value ?? 0)).toFixed(1);
          return `${at ? "L" : "M"}${place},${(y(at) + tall).toFixed(1)}L${place},${y(at).toFixed(1)}`; }).join("");
        parts.push(mark("path", { d: outline, class: "outline" }), label(centre + way * (centre - 14), top - 12, side.name, way > 0 ? "end" : "start"));
      });
      spec.ages.forEach((age, at) => { if (age % 10 === 0) parts.push(label(centre, y(at) + tall / 2, age, "middle", "tick")); });
      parts.push(label(centre, top - 12, spec.ageLabel, "middle", "tick"), label(width - 4, bottom + 30, spec.unit, "end", "tick"));
      const stops = spec.ages.map((age, at) => ({ x: 0, y: y(at), w: width, h: tall, title: `${age} ${spec.ageLabel}`,
        read: [left, right].flatMap((side) => [[`${side.name} ${spec.labels[0]}`, withUnit(side.before[at], spec)], [`${side.name} ${spec.labels[1]}`, withUnit(side.after[at], spec)]]) }));
      return { parts, height: height + 10, stops, across: true, legend: [{ name: spec.labels[0], tone: "ink", shape: "line" }, { name: spec.labels[1], tone: "0", shape: "band", weight: 3 }] };
    },

    waterfall(spec, width) {
      const steps = [];
      let end = 0;
      if (spec.start) { end = spec.start.value; steps.push({ name: spec.start.name, from: 0, to: end, tone: "quiet", value: end }); }
      for (const row of spec.rows) { steps.push({ name: row.name, from: end, to: end + row.value, tone: row.value < 0 ? "down" : "up", value: row.value, step: true }); end += row.value; }
      steps.push({ name: spec.total, from: 0, to: end, tone: "quiet", value: end });
      const list = rows(steps.map((one) => one.name), width);
      // From one level to another the changes are what is looked at: the axis then starts near them, broken.
      const ends = steps.flatMap((one) => (spec.start && !one.step ? [one.to] : [one.from, one.to]));
      const span = Math.max(...ends) - Math.min(...ends) || 1;
      const low = Math.min(...ends) - (spec.start ? 0.25 * span : 0), high = Math.max(...ends);
      const x = scale(low, high, list.left + (low < 0 && !spec.start ? 46 : 4), width - 60);
      const parts = [...list.parts];
      if (low <= 0) parts.push(rule(x(0), 2, x(0), list.bottom, "axis"));
      const stops = steps.map((one, at) => {
        const y = list.middle(at), from = Math.max(one.from, low), [a, b] = [x(Math.min(from, one.to)), x(Math.max(from, one.to))];
        parts.push(mark("rect", { x: a, y: y - 8, width: Math.max(b - a, 1), height: 16, fill: tone(one.tone), class: "bar" }));
        if (at < steps.length - 1) parts.push(rule(x(one.to), y + 8, x(one.to), list.middle(at + 1) - 8, "joint"));
        if (!one.step && low > 0) parts.push(label(x(low) + 9, y, "⫽", "middle", "break"));
        const text = (one.step && one.value > 0 ? "+" : "") + printed(one.value, spec);
        parts.push(label(b + 5, y, text, "start", "figure"));
        return { ...list.box(at), title: one.name, read: [["", `${text} ${spec.unit}`]] };
      });
      return { parts, height: list.bottom, stops, across: true, legend: [] };
    },

    stacked(spec, width, off) {
      const shown = spec.series.filter((one) => !off.has(one.name)), over = spec.over.filter((one) => !off.has(one.name));
      const total = (at, sign) => shown.reduce((sum, one) => sum + Math.max(sign * (one.values[at] ?? 0), 0), 0);
      const ups = spec.x.map((_, at) => total(at, 1)), downs = spec.x.map((_, at) => -total(at, -1));
      const others = known([...over.flatMap((one) => one.values), ...spec.levels.map((one) => one.value)]);
      const least = Math.min(0, ...downs, ...others), most = Math.max(0, ...ups, ...others), margin = 0.05 * (most - least || 1);
      const frame = columns(spec, width, least < 0 ? least - margin : 0, most + margin);
      const room = (frame.right - frame.left) / spec.x.length, x = (at) => frame.left + (at + 0.5) * room, thick = Math.min(0.66 * room, 54);
      const parts = [...frame.parts, rule(frame.left, frame.y(0), frame.right, frame.y(0), "axis")];
      const role = (name) => String(spec.series.findIndex((one) => one.name === name) % 6);
      const stops = spec.x.map((place, at) => {
        let up = 0, down = 0;
        for (const one of shown) {
          const value = one.values[at] ?? 0, from = value < 0 ? down : up, to = from + value;
          if (value < 0) down = to; else up = to;
          const [a, b] = [frame.y(Math.max(from, to)), frame.y(Math.min(from, to))];
          parts.push(mark("rect", { x: x(at) - thick / 2, y: a, width: thick, height: Math.max(b - a, 0), fill: one.colour ?? tone(role(one.name)), class: "bar" }));
        }
        return { x: frame.left + at * room, y: frame.top, w: room, h: frame.bottom - frame.top, title: String(place),
          read: [...shown, ...over].map((one) => [one.name, withUnit(one.values[at], spec)]) };
      });
      for (const one of spec.levels) parts.push(mark("line", { x1: frame.left, x2: frame.right, y1: frame.y(one.value), y2: frame.y(one.value), class: "level", stroke: tone(one.tone) }),
        mark("text", { x: frame.left + 4, y: frame.y(one.value) - 6, class: "note", style: `fill:${tone(one.tone)}` }, `${one.name} ${printed(one.value, spec)}`));
      for (const one of over) {
        parts.push(mark("path", { class: "line", stroke: tone("ink"), d: one.values.map((value, at) => value === null ? "" : `${at && one.values[at - 1] !== null ? "L" : "M"}${x(at).toFixed(1)},${frame.y(value).toFixed(1)}`).join("") }));
        one.values.forEach((value, at) => { if (value !== null) parts.push(point("circle", x(at), frame.y(value), "ink")); });
      }
      parts.push(...below(frame, spec.x.map((_, at) => x(at)), spec.x.map(String)));
      return { parts, height: frame.height, stops, legend: [...spec.series.map((one) => ({ name: one.name, tone: role(one.name), colour: one.colour, shape: "bar", toggles: true })),
        ...spec.over.map((one) => ({ name: one.name, tone: "ink", shape: "line", toggles: true }))] };
    },
  };

  function point(shape, x, y, role) {
    const fill = tone(role);
    if (shape === "circle") return mark("circle", { cx: x, cy: y, r: 4.6, fill, class: "point" });
    const outlines = { diamond: "0,-6 6,0 0,6 -6,0", right: "-4,-6 6,0 -4,6", left: "4,-6 -6,0 4,6" };
    return mark("polygon", { points: outlines[shape], transform: `translate(${x.toFixed(1)},${y.toFixed(1)})`, fill, class: "point" });
  }

  function swatch(entry) {
    const colour = entry.colour ?? tone(entry.tone), icon = mark("svg", { width: 20, height: 12, "aria-hidden": "true" });
    const made = {
      line: () => mark("line", { x1: 0, x2: 20, y1: 6, y2: 6, stroke: colour, "stroke-width": 2.4 }),
      stem: () => mark("line", { x1: 10, x2: 10, y1: 0, y2: 12, class: "stem" }),
      band: () => mark("rect", { width: 20, height: 12, fill: colour, "fill-opacity": 0.2 * (entry.weight ?? 1) }),
      bar: () => mark("rect", { x: 4, width: 12, height: 12, fill: colour }),
      circle: () => mark("circle", { cx: 10, cy: 6, r: 5, fill: colour }),
      diamond: () => mark("polygon", { points: "10,0 16,6 10,12 4,6", fill: colour }),
    };
    icon.append(made[entry.shape]());
    return icon;
  }

  // The table of a chart: what each stop reads out.
  function table(stops) {
    const heads = [...new Set(stops.flatMap((stop) => stop.read.map(([name]) => name)))];
    const head = html("tr", {}, html("th"), ...heads.map((name) => html("th", { textContent: name })));
    const lines = stops.map((stop) => html("tr", {}, html("th", { scope: "row", textContent: stop.title }),
      ...heads.map((name) => html("td", { textContent: stop.read.filter(([of]) => of === name).map(([, text]) => text).join("；") }))));
    return html("table", {}, html("thead", {}, head), html("tbody", {}, ...lines));
  }

  // Draw a specification into a box and keep it drawn at the width that the box has.
  function show(box, spec, words, readout) {
    const off = new Set();
    const svg = mark("svg", { tabindex: 0, role: "img", "aria-label": box.dataset.name, class: `kind-${spec.kind}` });
    const key = html("div", { className: "legend" });
    const data = html("details", { className: "data" }, html("summary", { textContent: words.data }));
    const body = html("div", { className: "scroll" });
    data.append(body);
    box.append(svg, key, data);
    spec.words = words;
    let drawn = null, width = 0, at = -1;

    function draw() {
      drawn = kinds[spec.kind](spec, width, off);
      svg.setAttribute("viewBox", `0 0 ${width} ${drawn.height}`);
      svg.replaceChildren(mark("g", { class: "cursor" }), ...drawn.parts);
      if (data.open) body.replaceChildren(table(drawn.stops));
      at = -1;
    }
    function stand(which, event) {
      const stop = drawn.stops[which], cursor = svg.firstChild;
      at = which;
      cursor.replaceChildren(stop.line === undefined ? mark("rect", { x: stop.x, y: stop.y, width: stop.w, height: stop.h })
        : rule(stop.line, stop.y, stop.line, stop.y + stop.h, ""));
      const list = html("dl");
      for (const [name, text] of stop.read) list.append(html("dt", { textContent: name }), html("dd", { textContent: text }));
      readout.replaceChildren(html("b", { textContent: stop.title }), list);
      readout.hidden = false;
      const frame = svg.getBoundingClientRect(), shrink = frame.width / width;
      const x = event ? event.clientX : frame.left + shrink * (stop.line ?? stop.x + stop.w / 2);
      const y = event ? event.clientY : frame.top + shrink * (stop.y + Math.min(stop.h, 40));
      readout.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - readout.offsetWidth - 8))}px`;
      readout.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - readout.offsetHeight - 8))}px`;
    }
    function leave() { at = -1; readout.hidden = true; svg.firstChild?.replaceChildren(); }
    function nearest(event) {
      const frame = svg.getBoundingClientRect(), shrink = width / frame.width;
      const x = (event.clientX - frame.left) * shrink, y = (event.clientY - frame.top) * shrink;
      const away = (stop) => Math.hypot(x - stop.x - stop.w / 2, stop.line === undefined ? y - stop.y - stop.h / 2 : 0);
      return drawn.stops.reduce((best, stop, which) => (away(stop) < away(drawn.stops[best]) ? which : best), 0);
    }
    svg.addEventListener("pointermove", (event) => drawn.stops.length && stand(nearest(event), event));
    svg.addEventListener("pointerleave", leave);
    svg.addEventListener("blur", leave);
    svg.addEventListener("keydown", (event) => {
      const last = drawn.stops.length - 1;
      const to = { ArrowRight: at + 1, ArrowDown: at + (spec.kind === "pyramid" ? -1 : 1), ArrowLeft: at - 1,
        ArrowUp: at + (spec.kind === "pyramid" ? 1 : -1), Home: 0, End: last }[event.key];
      if (event.key === "Escape") leave();
      if (to === undefined || last < 0) return;
      event.preventDefault();
      stand(Math.max(0, Math.min(to, last)));
    });
    data.addEventListener("toggle", () => data.open && body.replaceChildren(table(drawn.stops)));

    // At once, for a page that prints itself when it is loaded; later whenever the room changes.
    function fit() {
      const now = box.clientWidth;
      if (now < 40 || now === width) return;
      width = now;
      draw();
      if (key.childElementCount === 0) explain();
    }
    function explain() {
      for (const entry of drawn.legend) {
        const item = html(entry.toggles ? "button" : "span", {}, swatch(entry), entry.name);
        key.append(item);
        if (!entry.toggles) continue;
        item.type = "button";
        item.setAttribute("aria-pressed", "true");
        item.addEventListener("click", () => {
          const gone = off.has(entry.name);
          // The last one stays.
          if (!gone && off.size + 1 >= drawn.legend.filter((other) => other.toggles).length) return;
          if (gone) off.delete(entry.name); else off.add(entry.name);
          item.setAttribute("aria-pressed", String(gone));
          draw();
        });
      }
    }
    fit();
    new ResizeObserver(fit).observe(box);
  }
  return { show, kinds };
})();
