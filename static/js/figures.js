// Draws the charts of a page with Plotly, in the page's own colours. Without it the tables say the same.
(() => {
  const charts = [...document.querySelectorAll("[data-chart]")];
  if (!charts.length || !window.Plotly) return;

  const PATTERNS = ["", "/", ".", "x", "-", "+", "|", "\\"];
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
  const SIGNS = ["circle", "square", "diamond", "cross", "x", "triangle-up", "star", "hexagon"];
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  // Plotly reads no oklch() and no light-dark(): the browser says what a token comes to.
  function token(name) {
    const span = document.createElement("span");
    span.className = "visually-hidden";
    span.style.color = `var(${name})`;
    document.body.append(span);
    const colour = getComputedStyle(span).color;
    span.remove();
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  }

  function palette() {
    const names = ["accent", "ink", "quiet", "line", "paper", "raised", "look-sign", "deep", "good", "stop", "firm"];
    return Object.fromEntries(names.map((name) => [name, token(`--${name}`)]));
  }

  function wrapped(label, width) {
    const lines = [""];
    for (const word of String(label).split(" ")) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length >= width) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    const short = lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]} …`] : lines;
    return short.join("<br>").replaceAll("<br>", "\u0000").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\u0000", "<br>");
  }

  const plain = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");

  function barTraces(chart, labels, colours) {
    const shades = [colours.accent, colours.firm, colours["look-sign"], colours.good, colours.stop, colours.deep];
    const several = chart.series.length > 1;
    return chart.series.map((series, place) => ({
      type: "bar",
      orientation: "h",
      name: plain(series.name),
      y: labels.map((_label, at) => at),
      x: series.values.map((value) => value ?? (chart.top ? 1 : 0)),
      text: series.text.map((text, at) => (several && series.values[at] === null ? "–" : plain(text))),
      textposition: "outside",
      cliponaxis: false,
      textfont: { color: series.values.map((value) => (value === null ? colours.quiet : colours.ink)) },
      hovertemplate: several ? "%{text}<extra>%{fullData.name}</extra>" : "%{text}<extra></extra>",
      marker: {
        color: shades[place % shades.length],
        pattern: { shape: PATTERNS[place % PATTERNS.length], fillmode: "overlay", fgcolor: colours.paper, size: 6, solidity: 0.2 },
      },
    }));
  }

  // The intervals are lines beside the bars rather than through their ends: the number stands there.
  function intervalTraces(chart, labels, colours) {
    if (chart.series.length > 1) return [];
    const [series] = chart.series;
    const known = labels.map((_label, at) => at).filter((at) => series.low[at] !== null && series.low[at] !== undefined);
    return [
      {
        type: "scatter",
        mode: "lines",
        x: known.flatMap((at) => [series.low[at], series.high[at], null]),
        y: known.flatMap((at) => [at + 0.36, at + 0.36, null]),
        line: { color: colours.ink, width: 1.5 },
        hoverinfo: "skip",
        showlegend: false,
      },
    ];
  }

  function markTraces(chart, names, colours) {
    const marks = chart.marks.filter((mark) => names.includes(mark.label));
    if (!marks.length) return [];
    return [
      {
        type: "scatter",
        mode: "markers",
        x: marks.map((mark) => mark.value),
        y: marks.map((mark) => names.indexOf(mark.label)),
        text: marks.map((mark) => plain(mark.text)),
        hovertemplate: "%{text}<extra></extra>",
        marker: { symbol: "line-ns", size: 26, line: { width: 3, color: colours["look-sign"] } },
        showlegend: false,
      },
    ];
  }

  function lineTraces(chart, colours) {
    const shades = [colours.accent, colours.ink, colours["look-sign"], colours.good, colours.stop, colours.firm];
    return chart.lines.map((line, place) => ({
      type: "scatter",
      mode: "lines+markers",
      name: plain(line.name),
      x: chart.labels.map(plain),
      y: line.values,
      text: line.text.map(plain),
      hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
      line: { color: shades[place % shades.length], dash: DASHES[place % DASHES.length], width: 2 },
      marker: { symbol: SIGNS[place % SIGNS.length], size: 8 },
    }));
  }

  function figure(element) {
    const chart = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    const colours = palette();
    const narrow = element.clientWidth < 520;
    const size = { tickformat: chart.top ? ".1f" : ".0%", range: chart.top ? [1, chart.top * 1.08] : undefined };
    const values = {
      gridcolor: colours.line,
      zerolinecolor: colours.line,
      fixedrange: true,
      tickfont: { color: colours.quiet, size: 12 },
      ...size,
    };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: narrow ? 12 : 13, color: colours.ink },
      margin: { l: 8, r: 24, t: 8, b: 32 },
      legend: { orientation: "h", y: -0.12, yanchor: "top", x: 0 },
      hoverlabel: { bgcolor: colours.raised, bordercolor: colours.firm, font: { color: colours.ink } },
      dragmode: false,
    };
    if (chart.lines) {
      layout.yaxis = { ...values, rangemode: "tozero", automargin: true };
      if (!chart.top) layout.yaxis.range = [0, 1];
      layout.xaxis = { type: "category", fixedrange: true, gridcolor: colours.line, automargin: true };
      layout.height = 320 + 22 * chart.lines.length;
      return { data: lineTraces(chart, colours), layout };
    }
    const names = chart.labels;
    const labels = names.map((label) => wrapped(label, narrow ? 18 : 34));
    const shown = chart.series.flatMap((series) => [...series.values, ...(chart.series.length > 1 ? [] : series.high)]);
    const furthest = Math.max(0.1, ...shown.filter((value) => value !== null), ...chart.marks.map((mark) => mark.value));
    if (!chart.top) values.range = [0, Math.min(1.15, furthest + 0.16)];
    layout.xaxis = { ...values, side: "bottom" };
    layout.yaxis = {
      autorange: "reversed",
      fixedrange: true,
      automargin: true,
      tickmode: "array",
      tickvals: labels.map((_label, at) => at),
      ticktext: labels,
      ticks: "",
      zeroline: false,
      showgrid: false,
    };
    layout.bargap = 0.45;
    layout.showlegend = chart.series.length > 1;
    layout.height = 64 + labels.length * (24 + 18 * chart.series.length) + (layout.showlegend ? 40 : 0);
    const data = [...barTraces(chart, labels, colours), ...intervalTraces(chart, labels, colours), ...markTraces(chart, names, colours)];
    return { data, layout };
  }

  const drawn = new Set();

  function draw(element) {
    const { data, layout } = figure(element);
    drawn.add(element);
    return window.Plotly.react(element, data, layout, { displayModeBar: false, responsive: true });
  }

  // An SVG first: what a canvas makes of it needs no more rights than the page has.
  async function save(element, format) {
    const picture = { format: "svg", width: 960, height: element.clientHeight };
    const address = await window.Plotly.toImage(element, picture);
    const name = `${element.id}.${format}`;
    if (format === "svg") return download(address, name);
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.width * 2;
    canvas.height = picture.height * 2;
    const context = canvas.getContext("2d");
    context.fillStyle = palette().paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return download(canvas.toDataURL("image/png"), name);
  }

  function download(address, name) {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  }

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "400px" },
  );
  for (const element of charts) {
    element.hidden = false;
    seen.observe(element);
  }
  for (const button of document.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const element = document.getElementById(button.dataset.of);
      if (!drawn.has(element)) await draw(element);
      save(element, button.dataset.save);
    });
  }

  const again = () => drawn.forEach(draw);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  window.addEventListener("beforeprint", () => charts.filter((each) => !drawn.has(each)).forEach(draw));
})();
