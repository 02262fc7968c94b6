// The error browser: builds elements and sets their text; no data is ever read as markup.
(function () {
  const rows = JSON.parse(document.getElementById('errors-data').textContent);
  const texts = JSON.parse(document.getElementById('texts-data').textContent);
  const names = ['corpus', 'system', 'task', 'kind'];
  const kinds = document.getElementById('kinds'), whole = document.getElementById('document');
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
  function marked(text, from, gold, said) {
    const p = document.createElement('p'), letters = Array.from(text); // offsets count characters, not UTF-16 units
    const stop = from + letters.length, cuts = new Set([from, stop]);
    gold.concat(said).forEach(function (s) {
      s.forEach(function (x) { if (x > from && x < stop) cuts.add(x); }); });
    const edges = Array.from(cuts).sort(function (a, b) { return a - b; });
    for (let i = 0; i + 1 < edges.length; i++) {
      const part = document.createElement('span');
      part.textContent = letters.slice(edges[i] - from, edges[i + 1] - from).join('');
      if (within(gold, edges[i])) part.classList.add('hg');
      if (within(said, edges[i])) part.classList.add('hp');
      p.appendChild(part);
    }
    return p;
  }
  function chosen() {
    const words = search.value.toLowerCase();
    return rows.filter(function (row) {
      return passes(row, names.length) && (!words || row.text.toLowerCase().includes(words)); });
  }
  function open(row) {
    const same = chosen().filter(function (r) { return r.corpus === row.corpus && r.document === row.document; });
    const gold = same.flatMap(function (r) { return r['gold spans']; });
    const said = same.flatMap(function (r) { return r['predicted spans']; });
    const title = document.createElement('h3'), close = document.createElement('button');
    title.textContent = row.document + ', ' + row.corpus + ': ' + same.length + ' errors of the choice';
    close.textContent = 'close'; close.addEventListener('click', function () { whole.hidden = true; });
    whole.replaceChildren(title, close, marked(texts[row.corpus][row.document], 0, gold, said));
    whole.hidden = false; whole.scrollIntoView();
  }
  function link(row) {
    const a = document.createElement('a'); a.href = '#document';
    a.textContent = row.document + ' ' + row.start + '–' + row.end;
    a.addEventListener('click', function (event) { event.preventDefault(); open(row); });
    return a;
  }
  function overview() {
    const seen = new Map();
    rows.forEach(function (row) { if (passes(row, 3)) seen.set(row.kind, (seen.get(row.kind) || 0) + 1); });
    kinds.replaceChildren.apply(kinds, Array.from(seen).sort(function (a, b) { return b[1] - a[1]; }).map(
      function (pair) {
        const button = document.createElement('button');
        button.textContent = pair[0] + ' ' + pair[1];
        button.className = selects.kind.value === pair[0] ? 'on' : '';
        button.addEventListener('click', function () {
          selects.kind.value = selects.kind.value === pair[0] ? '' : pair[0]; shown = size; fill(); draw(); });
        return button;
      }));
  }
  function line(words, name) {
    const p = document.createElement('p'); p.className = name; p.textContent = words; return p; }
  function card(row) {
    const div = document.createElement('div'); div.className = 'error';
    const head = document.createElement('div'), kind = document.createElement('span');
    kind.className = 'kind'; kind.textContent = row.kind; head.appendChild(kind);
    head.append(' · ' + [row.task, row.system, row.corpus].join(' · ') + ' · ', link(row));
    const words = marked(row.text, row.from, row['gold spans'], row['predicted spans']);
    words.prepend('…'); words.append('…');
    head.className = 'dim'; div.appendChild(head); div.appendChild(words);
    if (row.gold) div.appendChild(line('gold: ' + row.gold, 'gold-side'));
    if (row.predicted) div.appendChild(line('predicted: ' + row.predicted, 'pred-side'));
    return div;
  }
  function draw() {
    const found = chosen();
    overview();
    list.replaceChildren.apply(list, found.slice(0, shown).map(card));
    count.textContent = found.length + ' errors; ' + Math.min(shown, found.length) + ' shown';
    document.getElementById('more').hidden = found.length <= shown;
  }
  document.getElementById('more').addEventListener('click', function () { shown += size; draw(); });
  fill(); draw();
})();
