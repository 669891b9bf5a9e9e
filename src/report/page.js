'use strict';
// Language, colours, and a readout that follows pointer and arrow keys. All else is in the page without it.
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  // A page opened from a file may have no storage.
  const stored = (key, value) => {
    try {
      if (value !== undefined) localStorage.setItem('pipeline-report-' + key, value);
      return localStorage.getItem('pipeline-report-' + key);
    } catch { return null; }
  };

  const choices = {
    language: (value) => {
      root.lang = value;
      document.title = document.querySelector('title').dataset[value];
    },
    theme: (value) => value === 'auto' ? delete root.dataset.theme : root.dataset.theme = value,
  };
  function choose(kind, value) {
    choices[kind](value);
    for (const button of all(`button[data-${kind}]`))
      button.setAttribute('aria-pressed', String(button.dataset[kind] === value));
    for (const show of redraw) show();
  }
  const redraw = [];
  for (const [kind, standard] of [['language', root.lang], ['theme', 'auto']]) {
    const known = all(`button[data-${kind}]`);
    for (const button of known)
      button.addEventListener('click', () => choose(kind, stored(kind, button.dataset[kind]) ?? button.dataset[kind]));
    const before = stored(kind);
    choose(kind, known.some((button) => button.dataset[kind] === before) ? before : standard);
  }
  document.querySelector('.switches').hidden = false;

  // What a link leads to may be folded; and paper has no folds.
  const unfold = (hash) => {
    for (let one = hash.length > 1 && document.getElementById(hash.slice(1)); one; one = one.parentElement)
      if (one.tagName === 'DETAILS') one.open = true;
  };
  for (const link of all('a[href^="#"]')) link.addEventListener('click', () => unfold(link.hash));
  unfold(location.hash);
  addEventListener('beforeprint', () => all('details.more').forEach((one) => one.open = true));

  // What an element says in the language that is shown.
  function words(element) {
    const copy = element.cloneNode(true);
    for (const other of all(root.lang === 'ko' ? '[lang=en]' : '[lang=ko]', copy)) other.remove();
    return copy.textContent.trim();
  }

  // One place of `n` is read out at a time: `tell(i)` gives its words and moves the cursor there.
  function readable(figure, target, n, nearest, step, tell) {
    const out = figure.querySelector('.readout');
    let at = -1;
    const show = (i) => {
      at = Math.max(0, Math.min(n - 1, i));
      out.textContent = tell(at);
      figure.classList.add('reading');
    };
    const hide = () => {
      at = -1;
      figure.classList.remove('reading');
      out.textContent = '';
    };
    const moves = {ArrowLeft: () => at < 0 ? n - 1 : at - step, ArrowRight: () => at < 0 ? 0 : at + step,
                   Home: () => 0, End: () => n - 1};
    target.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide();
      if (!moves[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
      show(moves[event.key]());
      event.preventDefault();
    });
    target.addEventListener('pointermove', (event) => show(nearest(event)));
    target.addEventListener('pointerdown', (event) => show(nearest(event)));
    target.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && hide());
    target.addEventListener('blur', hide);
    redraw.push(() => at >= 0 && show(at));
  }

  for (const figure of all('.chart')) {
    const svg = figure.querySelector('svg');
    for (const own of all('title, desc', svg)) own.remove();  // the caption says it; a tooltip would hide the chart
    const xs = svg.dataset.x.split(',').map(Number);
    const head = all('th', figure);
    const rows = all('tbody tr', figure).reverse();
    const cursor = svg.querySelector('.cursor');
    readable(figure, svg, xs.length, (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      return xs.reduce((best, one, i) => Math.abs(one - x) < Math.abs(xs[best] - x) ? i : best, 0);
    }, 1, (i) => {
      cursor.setAttribute('transform', `translate(${xs[i]} 0)`);
      return all('td', rows[i]).map((cell, k) => (k ? words(head[k]) + ' ' : '') + words(cell)).join(' · ');
    });
  }

  const seconds = (value) => value < 1 ? Math.round(value * 1e3) + ' ms' : value.toFixed(value < 100 ? 2 : 0) + ' s';
  for (const figure of all('.timeline')) {
    const lanes = figure.querySelector('.lanes');
    const slot = Number(lanes.dataset.slot);
    const stages = all('.lane[data-v]', lanes).map((lane) => ({
      name: lane.querySelector('b'), svg: lane.querySelector('svg'),
      values: lane.dataset.v.split(',').flatMap((part) => {
        const [value, n] = part.split('x');
        return Array(Number(n ?? 1)).fill(value);
      })}));
    const n = stages[0].values.length;
    const cursor = lanes.querySelector('div.cursor');
    const plot = () => stages[0].svg.getBoundingClientRect();
    readable(figure, lanes, n, (event) => Math.floor((event.clientX - plot().left) / plot().width * n),
             Math.max(1, Math.round(n / 100)), (i) => {
      cursor.style.left = plot().left - lanes.getBoundingClientRect().left + (i + 0.5) / n * plot().width + 'px';
      const busy = stages.filter((stage) => stage.values[i] !== '0');
      return ['+' + seconds(i * slot), ...busy.map((stage) => words(stage.name) + ' ' + stage.values[i])].join(' · ');
    });
  }
})();
