// The error browser: builds elements and sets their text; no data is ever read as markup.
(function () {
  const rows = JSON.parse(document.getElementById('errors-data').textContent);
  const names = ['corpus', 'system', 'task', 'kind'];
  const box = document.getElementById('filters'), list = document.getElementById('error-list');
  const count = document.getElementById('error-count'), size = 40;
  const selects = {}; let shown = size;
  const search = document.createElement('input');
  search.type = 'search'; search.placeholder = 'words in the text'; search.setAttribute('aria-label', 'search');
  names.forEach(function (name) {
    const select = document.createElement('select'); select.setAttribute('aria-label', name);
    selects[name] = select; box.appendChild(select);
    select.addEventListener('change', function () { shown = size; fill(); draw(); });
  });
  box.appendChild(search); search.addEventListener('input', function () { shown = size; draw(); });
  function passes(row, upto) {
    return names.every(function (name, i) {
      return i >= upto || !selects[name].value || row[name] === selects[name].value; });
  }
  function fill() {
    names.forEach(function (name, i) {
      const select = selects[name], old = select.value, seen = new Map();
      rows.forEach(function (row) { if (passes(row, i)) seen.set(row[name], (seen.get(row[name]) || 0) + 1); });
      select.replaceChildren(new Option('every ' + name, ''));
      Array.from(seen.keys()).sort().forEach(function (value) {
        select.appendChild(new Option(value + ' (' + seen.get(value) + ')', value)); });
      select.value = seen.has(old) ? old : '';
    });
  }
  function within(spans, at) { return spans.some(function (s) { return s[0] <= at && at < s[1]; }); }
  function marked(row) {
    const p = document.createElement('p'), stop = row.from + Array.from(row.text).length, cuts = new Set([row.from, stop]);
    row['gold spans'].concat(row['predicted spans']).forEach(function (s) {
      s.forEach(function (x) { if (x > row.from && x < stop) cuts.add(x); }); });
    const edges = Array.from(cuts).sort(function (a, b) { return a - b; });
    const letters = Array.from(row.text); // offsets count characters, not UTF-16 units
    p.append('…');
    for (let i = 0; i + 1 < edges.length; i++) {
      const part = document.createElement('span');
      part.textContent = letters.slice(edges[i] - row.from, edges[i + 1] - row.from).join('');
      if (within(row['gold spans'], edges[i])) part.classList.add('hg');
      if (within(row['predicted spans'], edges[i])) part.classList.add('hp');
      p.appendChild(part);
    }
    p.append('…'); return p;
  }
  function line(words, name) {
    const p = document.createElement('p'); p.className = name; p.textContent = words; return p; }
  function card(row) {
    const div = document.createElement('div'); div.className = 'error';
    const head = document.createElement('div'), kind = document.createElement('span');
    kind.className = 'kind'; kind.textContent = row.kind; head.appendChild(kind);
    head.append(' · ' + [row.task, row.system, row.corpus, row.document + ' ' + row.start + '–' + row.end].join(' · '));
    head.className = 'dim'; div.appendChild(head); div.appendChild(marked(row));
    if (row.gold) div.appendChild(line('gold: ' + row.gold, 'gold-side'));
    if (row.predicted) div.appendChild(line('predicted: ' + row.predicted, 'pred-side'));
    return div;
  }
  function draw() {
    const words = search.value.toLowerCase();
    const found = rows.filter(function (row) {
      return passes(row, names.length) && (!words || row.text.toLowerCase().includes(words)); });
    list.replaceChildren.apply(list, found.slice(0, shown).map(card));
    count.textContent = found.length + ' errors; ' + Math.min(shown, found.length) + ' shown';
    document.getElementById('more').hidden = found.length <= shown;
  }
  document.getElementById('more').addEventListener('click', function () { shown += size; draw(); });
  fill(); draw();
})();
