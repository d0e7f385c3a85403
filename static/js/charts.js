// Charts from data: [data-chart="id of a JSON script"] holds {kind, labels, series: [{name, values, tone?}], unit?, links?}.
// kind: line, bar, stacked, hbar, hbar-stacked. Colours are the page's tokens; every chart has its
// table twin. Also: series.colour (number of a token), unit (after each value), highest (end of the value axis),
// mark {value, name} (a line at what is wanted), description (for screen readers),
// below {name, values, links, colour} (a line in a panel of its own under the bars).
(() => {
  const drawn = new Map();
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function palette() {
    return [1, 2, 3, 4, 5, 6, 7].map((number) => css(`--app-s${number}`));
  }
  // The same rule as the legend's on the server: a named token or tone first, the others take s1 to s7 in turn.
  function colours(all) {
    let free = 0;
    return all.map((series) => {
      if (series.colour) return css(`--app-s${series.colour}`);
      if (series.tone === "muted") return css("--app-s7");
      if (series.tone) return css(`--app-${series.tone}`);
      free += 1;
      return palette()[(free - 1) % 7];
    });
  }
  function base() {
    const text = css("--app-text-2");
    const font = css("--tblr-font-sans-serif");
    const line = css("--app-line");
    return {
      animation: false,
      aria: { enabled: true, decal: { show: true } },
      textStyle: { fontFamily: font, color: text, fontSize: 11 },
      tooltip: {
        trigger: "axis", confine: true, backgroundColor: css("--app-surface"), borderColor: css("--app-line-strong"),
        textStyle: { color: css("--app-text"), fontSize: 12 }, renderMode: "richText", // HTML tips carry inline styles
      },
      grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
      axis: { axisLabel: { color: text, fontSize: 11 }, axisLine: { lineStyle: { color: css("--app-line-strong") } },
        axisTick: { show: false }, splitLine: { lineStyle: { color: line } } },
    };
  }

  function cartesian(data, look) {
    const isBar = data.kind !== "line";
    const isStacked = data.kind.endsWith("stacked");
    const isFlat = data.kind.startsWith("hbar");
    const shades = colours(data.series);
    const reach = (end, round) => (data.mark ? (range) => round(end(range.min, range.max, data.mark.value) / 5) * 5 : undefined);
    const category = { type: "category", data: data.labels, ...look.axis, splitLine: { show: false } };
    const value = { type: "value", min: isBar ? 0 : reach(Math.min, Math.floor), max: data.highest ?? reach(Math.max, Math.ceil), minInterval: data.unit ? 0 : 1,
      ...look.axis, axisLine: { show: false },
      axisLabel: { ...look.axis.axisLabel, formatter: data.unit ? `{value}${data.unit === "%" ? "" : " "}${data.unit}` : undefined, hideOverlap: true } };
    const options = {
      grid: isFlat ? { ...look.grid, right: 48 } : look.grid,
      xAxis: isFlat ? value : category,
      yAxis: isFlat ? { ...category, inverse: true } : value,
      series: data.series.map((series, index) => ({
        name: series.name, data: series.values, type: isBar ? "bar" : "line",
        stack: isStacked ? "all" : undefined, barMaxWidth: 22, symbol: "circle", symbolSize: 5,
        cursor: data.links || series.links ? "pointer" : "default",
        label: { show: isFlat && !isStacked && data.labels.length <= 12, position: "right", color: css("--app-text"), fontSize: 11 },
        showSymbol: data.labels.length <= 31, lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
        itemStyle: { color: shades[index], borderRadius: isStacked ? 0 : 2 },
        markLine: data.mark && index === 0 ? markLine(data.mark, isFlat) : undefined,
      })),
    };
    return data.below ? withPanel(options, data.below, look) : options;
  }

  /** What is wanted: a line across the bars, named at its end. */
  function markLine(mark, isFlat) {
    return {
      silent: true, symbol: "none", animation: false, data: [{ [isFlat ? "xAxis" : "yAxis"]: mark.value }],
      lineStyle: { color: css("--app-text"), width: 2, type: "dashed" },
      label: { show: true, formatter: mark.name, color: css("--app-text"), fontSize: 11, position: isFlat ? "end" : "insideEndTop" },
    };
  }

  /** A second measure gets a panel of its own under the first, never a second axis. */
  function withPanel(options, below, look) {
    const [line] = colours([{ colour: 2, ...below }]);
    const values = below.values.filter((number) => number !== null);
    return {
      ...options,
      grid: [{ ...look.grid, bottom: "30%" }, { ...look.grid, top: "76%" }],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      xAxis: [options.xAxis, { ...options.xAxis, gridIndex: 1, axisLabel: { show: false } }],
      yAxis: [options.yAxis, { type: "value", scale: true, gridIndex: 1, ...look.axis, axisLine: { show: false }, splitNumber: 2,
        minInterval: 1 }],
      series: [...options.series, {
        name: below.name, type: "line", xAxisIndex: 1, yAxisIndex: 1, data: below.values, symbol: "circle", symbolSize: 5,
        cursor: "pointer", itemStyle: { color: line }, lineStyle: { width: 2, color: line },
        endLabel: { show: values.length > 0, color: css("--app-text"), fontWeight: 600, fontSize: 11 },
      }],
    };
  }

  function options(data) {
    const look = base();
    const { axis, ...common } = look;
    if (data.description) common.aria = { ...common.aria, label: { description: data.description } };
    return { ...common, ...cartesian(data, look) };
  }

  function draw(element) {
    const source = document.getElementById(element.dataset.chart);
    if (!source || !element.offsetParent) return;
    const data = JSON.parse(source.textContent);
    const chart = drawn.get(element) ?? window.echarts.init(element, null, { renderer: "canvas" });
    if (!drawn.has(element)) {
      drawn.set(element, chart);
      new ResizeObserver(() => chart.resize()).observe(element);
      chart.on("click", (event) => {
        const series = data.series[event.seriesIndex] ?? data.below;
        const url = series?.links?.[event.dataIndex] ?? data.links?.[event.dataIndex];
        if (url) location.assign(url);
      });
    }
    chart.setOption(options(data), true);
    if (element.dataset.description) chart.getDom().setAttribute("aria-label", element.dataset.description);
  }

  app.drawCharts = (root) => {
    drawn.forEach((chart, element) => {
      if (!element.isConnected) { chart.dispose(); drawn.delete(element); }
    });
    root.querySelectorAll("[data-chart]").forEach(draw);
  };
  document.addEventListener("app:theme", () => app.drawCharts(document));
  document.addEventListener("app:shown", () => app.drawCharts(document));
})();
