// Links, filters and copies of the page. It only shows, hides and orders what is there: no text becomes markup.
(function () {
  'use strict';
  const all = function (query, from) { return Array.from((from || document).querySelectorAll(query)); };
  const one = function (id) { return document.getElementById(id); };
  const trials = all('.trial'), controls = ['kind', 'type', 'label', 'sure', 'words', 'order'];
  let current = trials[0];
  one('tools').hidden = false;

  // One trial at a time: the one that the address names, or that holds what it names.
  function choose() {
    const target = one(decodeURIComponent(location.hash.slice(1)));
    const found = target && target.closest('.trial');
    if (found) { current = found; }
    trials.forEach(function (trial) { trial.hidden = trial !== current; });
    all('nav a').forEach(function (link) {
      if (current && link.hash === '#' + current.id) { link.setAttribute('aria-current', 'true'); }
      else { link.removeAttribute('aria-current'); }
    });
    filter();
    if (!found) { return; }
    for (let item = target; item && item !== found; item = item.parentElement) { item.hidden = false; }
    const to = target === found ? found.querySelector('h2') : target;
    to.scrollIntoView({ block: target === found ? 'start' : 'center' });
    to.focus({ preventScroll: true });
  }

  // What belongs together is highlighted on both sides.
  let lit = [];
  function light(event) {
    const item = event.target.closest && event.target.closest('[data-p], [data-m]');
    lit.forEach(function (each) { each.classList.remove('on'); });
    lit = [];
    if (!item) { return; }
    const others = (item.dataset.p || item.dataset.m).split(' ').map(one).filter(Boolean);
    lit = others.concat([item]);
    lit.forEach(function (each) { each.classList.add('on'); });
    const panel = others[0] && others[0].closest('.text, .facts');
    if (panel && panel.scrollHeight > panel.clientHeight) { reveal(panel, others[0]); }
  }
  function reveal(panel, item) {
    const frame = panel.getBoundingClientRect(), box = item.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) {
      panel.scrollTop += box.top - frame.top - frame.height / 3;
    }
  }
  document.addEventListener('mouseover', light);
  document.addEventListener('focusin', light);

  function filter() {
    if (!current) { return; }
    const asked = {};
    controls.forEach(function (name) { asked[name] = one(name).value; });
    const words = asked.words.trim().toLowerCase();
    const narrow = asked.kind || asked.label || asked.sure;
    const below = asked.sure ? Number(asked.sure) : Infinity;
    let shown = 0, total = 0;
    const list = current.querySelector('.criteria'), items = list ? Array.from(list.children) : [];
    items.forEach(function (item) {
      const rightType = !asked.type || item.dataset.type === asked.type;
      const inText = !words || item.dataset.text.includes(words);
      let some = false;
      all('.predicate', item).forEach(function (each) {
        const fits = rightType && (!asked.kind || each.dataset.kinds.split(' ').includes(asked.kind)) &&
          (!asked.label || each.dataset.label === asked.label) && Number(each.dataset.sure) < below &&
          (inText || each.textContent.toLowerCase().includes(words));
        each.hidden = !fits;
        total += 1; shown += fits ? 1 : 0; some = some || fits;
      });
      const empty = 'empty' in item.dataset;
      const alone = empty && rightType && inText && (!narrow || asked.kind === 'empty');
      item.hidden = !(some || alone);
    });
    items.sort(function (a, b) {
      return asked.order === 'doubt' ? a.dataset.sure - b.dataset.sure : place(a) - place(b);
    }).forEach(function (item) { list.appendChild(item); });
    const count = current.querySelector('.count');
    if (count) { count.textContent = shown + ' of ' + total + ' predicates shown'; }
  }
  function place(item) { return Number(item.id.split('c')[1]); }

  function copy(kind) {
    const data = JSON.parse(current.querySelector('script.data').textContent);
    const text = kind === 'csv' ? data.csv : JSON.stringify(data.json, null, 1);
    const done = function () { one('said').textContent = 'Copied as ' + kind.toUpperCase() + '.'; };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(done, function () { byHand(text); });
    } else { byHand(text); }
  }
  function byHand(text) {
    const box = one('by-hand'), area = box.querySelector('textarea');
    area.value = text;
    box.showModal();
    area.select();
  }
  one('by-hand').querySelector('button').addEventListener('click', function () { one('by-hand').close(); });
  one('copy-json').addEventListener('click', function () { copy('json'); });
  one('copy-csv').addEventListener('click', function () { copy('csv'); });
  one('clear').addEventListener('click', function () {
    controls.forEach(function (name) { one(name).value = name === 'order' ? 'text' : ''; });
    filter();
  });
  controls.forEach(function (name) { one(name).addEventListener('input', filter); });
  window.addEventListener('hashchange', choose);
  choose();
})();
