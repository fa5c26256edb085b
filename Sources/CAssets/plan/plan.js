// SPDX-License-Identifier: Apache-2.0
"use strict";

// The page asks the program for each figure and computes none itself; what it keeps is the question,
// which is also its address.

const byId = (id) => document.getElementById(id);
const names = ["model", "tokens", "sequence", "batch", "hardware", "count", "price", "precision",
  "layout", "goodput"];
const opening = "model=deepseek-v3&tokens=14.8T&hardware=h800&count=2048&batch=15360" +
  "&layout=pipeline=16,expert=64,schedule=dualpipe";

let state = {};
let catalog = { models: [], hardware: [] };
let shown = null; // The last plan that there was an answer for.

// Elements.

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") node.className = value;
    else if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

function svgElement(name, attributes = {}, text = "") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}

// Numbers.

const units = [["P", 1e15], ["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3]];

function quantity(value) {
  for (const [letter, factor] of units) {
    if (value >= factor * 0.9995) return `${Number((value / factor).toPrecision(3))}${letter}`;
  }
  return `${Number(value.toPrecision(3))}`;
}

function parseQuantity(text) {
  const match = /^\s*([0-9._]+(?:e[0-9]+)?)\s*([kmgbtp]?)\s*$/i.exec(text);
  if (!match) return NaN;
  const letter = match[2].toUpperCase().replace("B", "G").replace("K", "k");
  const factor = letter ? units.find((unit) => unit[0] === letter)[1] : 1;
  return Number(match[1].replaceAll("_", "")) * factor;
}

function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 100) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Number((seconds / 3600).toPrecision(2))} h`;
  if (seconds < 7.3e7) return `${Number((seconds / 86400).toPrecision(3))} d`;
  return `${quantity(seconds / 31557600)} years`;
}

const spaced = (value) => quantity(value).replace(/([kMGTP])$/, " $1");
const whole = (value) => value.toLocaleString("en");
const dollars = (value) => `$${quantity(value)}`;
const bytes = (value) => quantity(value).replace(/([kMGTP]?)$/, " $1B");
const percent = (share) => `${Number((share * 100).toPrecision(2))} %`;

// Dials: a slider and a field for one number.

const power = { // Powers of two.
  toSlider: (value) => Math.log2(value), fromSlider: (place) => 2 ** place, step: 1,
  show: (value) => `${value}`, read: (text) => Number(text.replaceAll("_", "")),
};
const dials = {
  tokens: { label: "Tokens of the run", low: 6, high: 14, step: 0.02, show: quantity, read: parseQuantity,
    toSlider: (value) => Math.log10(value), fromSlider: (place) => Number((10 ** place).toPrecision(3)) },
  sequence: { ...power, label: "Tokens of a sequence", low: 8, high: 17, usual: 4096 },
  count: { ...power, label: "Devices", low: 0, high: 17 },
  price: { label: "US dollars an hour of a device", low: 0, high: 10, step: 0.05, show: (value) => `${value}`,
    read: Number, toSlider: (value) => value, fromSlider: (place) => Number(place.toFixed(2)) },
  tensor: { ...power, label: "Tensor: devices that share each matrix", low: 0, high: 5, layout: true },
  pipeline: { ...power, label: "Pipeline: stages", low: 0, high: 6, layout: true },
  expert: { ...power, label: "Experts: devices that share them", low: 0, high: 8, layout: true },
  context: { ...power, label: "Context: devices that share a sequence", low: 0, high: 5, layout: true },
  zero: { label: "ZeRO: what replicas share", low: 0, high: 3, step: 1, show: (value) => `${value}`, read: Number,
    toSlider: (value) => value, fromSlider: (place) => place, layout: true },
};

function buildDials() {
  for (const place of document.querySelectorAll("[data-dial]")) {
    const name = place.dataset.dial;
    const dial = dials[name];
    dial.range = element("input", { type: "range", id: `${name}-slider`, min: dial.low, max: dial.high, step: dial.step });
    dial.field = element("input", { type: "text", id: name, autocomplete: "off", "aria-label": `${dial.label}, typed` });
    place.append(element("label", { htmlFor: dial.range.id }, dial.label), dial.range, dial.field);
    dial.range.addEventListener("input", () => turn(name, dial.fromSlider(Number(dial.range.value))));
    dial.field.addEventListener("change", () => {
      const value = dial.read(dial.field.value);
      if (Number.isFinite(value)) turn(name, value, dial.field.value.trim());
      else showDials();
    });
  }
}

function turn(name, value, text) {
  if (dials[name].layout) return setLayout({ ...layoutParts(), [name]: value });
  const plain = text ?? (name === "tokens" ? quantity(value) : `${value}`);
  change({ [name]: plain });
}

// The layout, as the command line writes it.

function layoutParts(text = state.layout || (shown ? shown.plan.layout : "")) {
  const parts = { tensor: 1, pipeline: 1, expert: 1, context: 1, zero: 1, schedule: "1f1b" };
  for (const part of text.split(",")) {
    const [name, value] = part.split("=");
    if (value !== undefined) parts[name] = /^[0-9]+$/.test(value) ? Number(value) : value;
  }
  delete parts.data;
  return parts;
}

function layoutText(parts) {
  const plain = (name, value) => value === 1 && name !== "zero";
  const kept = Object.entries(parts).filter(([name, value]) =>
    value !== undefined && !plain(name, value) && !(name === "schedule" && parts.pipeline === 1)
    && !(name === "chunks" && (parts.pipeline === 1 || parts.schedule !== "1f1b")));
  return kept.map(([name, value]) => `${name}=${value}`).join(",");
}

function setLayout(parts) { change({ layout: layoutText(parts) }); }

// The state and the address.

function readState(text) {
  state = {};
  for (const part of text.split("&")) {
    const cut = part.indexOf("=");
    const name = cut < 0 ? part : part.slice(0, cut);
    if (!names.includes(name) || cut < 0) continue;
    try { state[name] = decodeURIComponent(part.slice(cut + 1)); } catch { /* No name of a state. */ }
  }
  if (!state.model) state.model = catalog.given || "deepseek-v3";
  if (!state.hardware) state.hardware = "h100";
}

function stateText() {
  return names.filter((name) => state[name])
    .map((name) => `${name}=${encodeURIComponent(state[name]).replaceAll("%2C", ",").replaceAll("%3D", "=")}`)
    .join("&");
}

function change(parts) {
  Object.assign(state, parts);
  // Another model or device is another question of layout and batch.
  if ("model" in parts || "hardware" in parts) state.layout = "";
  if ("model" in parts || "count" in parts) state.batch = "";
  if ("hardware" in parts) { state.price = ""; state.precision = ""; }
  history.replaceState(null, "", `#${stateText()}`);
  ask();
}

// Questions to the program, the last one only.

let waiting = false;
let running = null;
let curveText = "";
let curveTimer = 0;

function ask() {
  showDials();
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(async () => {
    waiting = false;
    if (running) running.abort();
    const own = new AbortController();
    running = own;
    byId("results").setAttribute("aria-busy", "true");
    try {
      const response = await fetch(`api/plan?${stateText()}`, { signal: own.signal });
      const answer = await response.json();
      if (response.ok) show(answer); else showFault(answer);
    } catch (error) {
      if (error.name !== "AbortError") showFault({ what: "the program does not answer", remedy: "start hadal plan --page again" });
    } finally {
      if (running === own) byId("results").removeAttribute("aria-busy");
    }
  });
  clearTimeout(curveTimer);
  curveTimer = setTimeout(askCurve, 200);
}

async function askCurve() {
  const text = stateText().split("&").filter((part) => !/^(layout|count)=/.test(part)).join("&");
  if (text === curveText) return drawCurves();
  try {
    const response = await fetch(`api/curve?${text}`);
    curve = response.ok ? (await response.json()).points : [];
    curveText = text;
  } catch { curve = []; }
  drawCurves();
}

// What is shown.

function showDials() {
  byId("model").value = state.model;
  byId("hardware").value = state.hardware;
  byId("precision").value = state.precision || "";
  const isFewest = !state.count;
  const isFastest = !state.layout;
  byId("count-auto").checked = isFewest;
  byId("layout-auto").checked = isFastest;
  const parts = layoutParts();
  const device = catalog.hardware.find((entry) => entry.name === state.hardware);
  const price = device && device.prices[0];
  const own = {
    tokens: state.tokens ? parseQuantity(state.tokens) : NaN,
    sequence: Number(state.sequence || 4096),
    count: Number(state.count || (shown ? shown.plan.count : 1)),
    price: state.price ? Number(state.price) : price ? price.usd_per_hour : NaN,
  };
  for (const [name, dial] of Object.entries(dials)) {
    const value = dial.layout ? parts[name] : own[name];
    const isKnown = Number.isFinite(value);
    const isOff = dial.layout ? isFastest : name === "count" && isFewest;
    dial.range.disabled = dial.field.disabled = isOff;
    if (isKnown) dial.range.value = dial.toSlider(value);
    const text = name === "tokens" && state.tokens ? state.tokens : isKnown ? dial.show(value) : "";
    if (document.activeElement !== dial.field) dial.field.value = text;
    dial.range.setAttribute("aria-valuetext", text || "not given");
  }
  byId("schedule").value = parts.schedule;
  byId("schedule").disabled = byId("recompute").disabled = isFastest;
  byId("recompute").checked = parts.recompute === "full";
  const watts = device && device.watts ? `, ${device.watts} W` : "";
  byId("device-note").textContent = device
    ? `${device.title}: ${bytes(device.memory_bytes)}${watts}` + (price ? `; ${dollars(price.usd_per_hour)} an hour (${price.date})` : "")
    : "This machine, measured when it is first asked for.";
}

function showFault(error) {
  const text = error.place ? `${error.what} (${error.place}).` : `${error.what}.`;
  byId("fault-text").textContent = text.charAt(0).toUpperCase() + text.slice(1) + (error.remedy ? ` Try ${error.remedy}.` : "");
  const layout = /^--layout (\S+)$/.exec(error.remedy || "");
  byId("nearest").hidden = !layout;
  if (layout) {
    byId("nearest").textContent = `Take ${layout[1]}`;
    byId("nearest").onclick = () => change({ layout: layout[1] });
  }
  byId("fault").hidden = false;
  for (const id of ["headlines", "step-bar", "memory-bar"]) byId(id).classList.add("stale");
}

function show(answer) {
  shown = answer;
  const plan = answer.plan;
  byId("fault").hidden = true;
  for (const id of ["headlines", "step-bar", "memory-bar"]) byId(id).classList.remove("stale");
  byId("headlines").replaceChildren(...answer.headlines.map((headline) =>
    element("div", { class: headline.name === "Memory" && !plan.fits ? "short" : "" },
      element("dt", {}, headline.name),
      element("dd", {},
        element("div", { class: "figure" }, headline.text),
        element("div", { class: "detail" }, headline.detail)))));
  byId("glance").textContent = answer.headlines.slice(0, 2).map((headline) => headline.text).join(" · ");
  byId("facts").textContent =
    `${plan.model}: ${spaced(plan.parameters.total)} parameters, ${spaced(plan.parameters.active)} active; ` +
    `${spaced(plan.flops_per_token.causal)}FLOP a token; ${whole(plan.count)} × ${plan.hardware}, ${plan.precision}; ` +
    `${whole(plan.batch)} × ${whole(plan.sequence)} tokens a step; layout ${plan.layout}.`;
  showBars(answer);
  showEquations(answer);
  byId("command").textContent = answer.command;
  showDials();
  drawCurves();
}

const stepNames = { products: "products", activations: "activations through memory", exposed: "communication that does not hide",
  bubble: "pipeline bubble", optimizer: "optimizer", waiting: "waiting for each other" };

function showBars(answer) {
  const plan = answer.plan;
  const step = Object.keys(stepNames).map((name) => ({ name: stepNames[name], value: plan.step[name] }));
  drawBar("step", step, plan.step.total, duration);
  const kinds = ["weights", "gradients", "optimizer", "activations", "logits"];
  const memory = kinds.map((name) => ({ name, value: plan.memory_bytes[name] || 0 }));
  drawBar("memory", memory, Math.max(plan.memory_bytes.total, answer.device.memory_bytes), bytes, answer.device.memory_bytes);
  const longest = Math.max(...plan.communication.map((part) => part.seconds), 1e-12);
  byId("sent").hidden = plan.communication.length === 0;
  byId("sent-rows").replaceChildren(...plan.communication.map((part, index) => {
    const fill = element("span", { class: `c${index % 6}` });
    fill.style.width = `${part.seconds / longest * 100}%`;
    return element("li", {}, `${part.purpose} parallelism, by the ${part.link}: ${bytes(part.bytes)}, ${duration(part.seconds)}`,
      element("div", { class: "track" }, fill));
  }));
}

function drawBar(name, parts, whole, text, limit) {
  const bar = byId(`${name}-bar`);
  while (bar.querySelectorAll("span").length < parts.length) {
    bar.append(element("span", { class: `c${bar.querySelectorAll("span").length % 6}` }));
  }
  bar.querySelectorAll("span").forEach((span, index) => {
    span.style.width = `${parts[index].value / whole * 100}%`;
    span.hidden = parts[index].value === 0;
  });
  if (limit) {
    let mark = bar.querySelector(".mark");
    if (!mark) bar.append(mark = element("div", { class: "mark" }));
    mark.style.left = `calc(${limit / whole * 100}% - 3px)`;
  }
  const there = parts.map((part, index) => ({ ...part, index })).filter((part) => part.value > 0);
  const said = there.map((part) => `${part.name} ${text(part.value)}`);
  if (limit) said.push(`a device has ${text(limit)}`);
  bar.setAttribute("aria-label", said.join(", "));
  const legend = there.map((part) =>
    element("li", {}, element("i", { class: `c${part.index % 6}` }), `${part.name} ${text(part.value)}`));
  if (limit) legend.push(element("li", {}, `┆ a device has ${text(limit)}`));
  byId(`${name}-legend`).replaceChildren(...legend);
}

function showEquations(answer) {
  byId("equations").replaceChildren(...answer.equations.map((equation) =>
    element("li", {}, equation.what,
      element("pre", {}, `${equation.symbol} = ${equation.formula}\n  = ${equation.numbers}\n  = ${Number(equation.value.toPrecision(7))} ${equation.unit}`),
      element("ul", { class: "inputs" },
        ...equation.inputs.map((input) => element("li", {}, `${input.symbol}: ${input.what}`)),
        element("li", {}, `from ${equation.source}`)))));
  byId("assumptions").replaceChildren(...answer.plan.assumptions.map((assumption) =>
    element("li", {}, `${assumption.what}: ${Number(assumption.value.toPrecision(4))} (${assumption.source})`)));
}

// Curves.

let curve = [];

function drawCurves() {
  const now = shown ? shown.plan : null;
  drawChart("time", curve.map((point) => [point.count, point.seconds ?? point.step_s]),
    now && [now.count, now.seconds ?? now.step_s], duration, "time");
  const money = curve.filter((point) => point.usd > 0).map((point) => [point.count, point.usd]);
  drawChart("money", money, now && now.cost_usd ? [now.count, now.cost_usd.value] : null, dollars, "money");
  const head = element("tr", {}, ...["devices", "time", "money", "of peak", "layout"].map((text) => element("th", { scope: "col" }, text)));
  byId("curve-table").replaceChildren(element("thead", {}, head), element("tbody", {}, ...curve.map((point) =>
    element("tr", {}, ...[whole(point.count), duration(point.seconds ?? point.step_s), point.usd ? dollars(point.usd) : "–",
      percent(point.mfu), point.layout].map((text) => element("td", {}, text))))));
}

function drawChart(name, points, now, text, what) {
  const chart = byId(`${name}-chart`);
  const [width, height, left, right, top, bottom] = [chart.clientWidth || 420, 208, 58, 16, 16, 26];
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const all = now && now[1] > 0 ? [...points, now] : points;
  if (points.length === 0) {
    return chart.replaceChildren(svgElement("text", { x: 12, y: 40 },
      name === "money" ? "Tokens and a price give money." : "No number of these devices holds the model."));
  }
  const log = Math.log10;
  const xs = all.map((point) => log(point[0]));
  const ys = all.map((point) => log(point[1]));
  let [low, high] = [Math.min(...ys), Math.max(...ys)];
  if (high - low < 0.6) [low, high] = [(low + high) / 2 - 0.3, (low + high) / 2 + 0.3];
  const [first, last] = [Math.min(...xs), Math.max(...xs, Math.min(...xs) + 0.3)];
  const x = (value) => left + (log(value) - first) / (last - first) * (width - left - right);
  const y = (value) => height - bottom - (log(value) - low) / (high - low) * (height - top - bottom);
  const nodes = [];
  for (let index = 0; index <= 3; index += 1) {
    const value = 10 ** (low + (high - low) * index / 3);
    nodes.push(svgElement("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    nodes.push(svgElement("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, text(Number(value.toPrecision(2)))));
  }
  const every = Math.ceil(points.length / 5);
  points.forEach((point, index) => {
    if (index % every === 0) nodes.push(svgElement("text", { x: x(point[0]), y: height - 8, "text-anchor": "middle" }, whole(point[0])));
  });
  nodes.push(svgElement("path", { class: "curve", d: points.map((point, index) => `${index ? "L" : "M"}${x(point[0])} ${y(point[1])}`).join("") }));
  for (const point of points) nodes.push(svgElement("circle", { class: "dot", cx: x(point[0]), cy: y(point[1]), r: 3 }));
  if (now && now[1] > 0) {
    const isRight = x(now[0]) > width * 0.6;
    nodes.push(svgElement("circle", { class: "now", cx: x(now[0]), cy: y(now[1]), r: 6.5 }));
    nodes.push(svgElement("text", { class: "now-text", x: x(now[0]) + (isRight ? -11 : 11), y: y(now[1]) - 8,
      "text-anchor": isRight ? "end" : "start" }, text(now[1])));
  }
  chart.replaceChildren(svgElement("title", {}, `${what} over devices: ` +
    points.map((point) => `${point[0]}: ${text(point[1])}`).join(", ")), ...nodes);
}

// The beginning.

async function begin() {
  catalog = await (await fetch("api/catalog")).json();
  const models = catalog.given ? [catalog.given, ...catalog.models] : catalog.models;
  byId("model").append(...models.map((name) => element("option", { value: name }, name)));
  byId("hardware").append(...catalog.hardware.map((device) => element("option", { value: device.name }, device.title)),
    element("option", { value: "here" }, "This machine, measured"));
  buildDials();
  byId("model").addEventListener("change", (event) => change({ model: event.target.value }));
  byId("hardware").addEventListener("change", (event) => change({ hardware: event.target.value, count: event.target.value === "here" ? "" : state.count }));
  byId("precision").addEventListener("change", (event) => change({ precision: event.target.value }));
  byId("count-auto").addEventListener("change", (event) => change({ count: event.target.checked || !shown ? "" : `${shown.plan.count}`, layout: "" }));
  byId("layout-auto").addEventListener("change", (event) => change({ layout: event.target.checked || !shown ? "" : shown.plan.layout }));
  byId("schedule").addEventListener("change", (event) => setLayout({ ...layoutParts(), schedule: event.target.value, chunks: undefined }));
  byId("recompute").addEventListener("change", (event) => setLayout({ ...layoutParts(), recompute: event.target.checked ? "full" : undefined }));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-state]")) {
    button.addEventListener("click", () => { location.hash = button.dataset.state; });
  }
  byId("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      byId("copied").textContent = "Copied.";
    } catch { byId("copied").textContent = location.href; }
  });
  addEventListener("resize", drawCurves);
  addEventListener("hashchange", () => { readState(location.hash.slice(1)); ask(); });
  readState(location.hash.length > 1 ? location.hash.slice(1) : catalog.given ? "" : opening);
  history.replaceState(null, "", `#${stateText()}`);
  ask();
}

begin().catch(() => showFault({ what: "the program does not answer", remedy: "start hadal plan --page again" }));
