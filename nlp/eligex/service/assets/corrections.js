// Corrections: what is asked for is kept here until it is saved; the service applies and checks it.
(function () {
  'use strict';
  const one = function (id) { return document.getElementById(id); };
  const holder = one('correct-data'), trial = document.querySelector('.trial');
  if (!holder || !trial) { return; }
  const data = JSON.parse(holder.textContent);
  const record = JSON.parse(trial.querySelector('script.data').textContent).json;
  const save = one('save'), edits = [];

  function make(tag, text, attributes) {
    const found = document.createElement(tag);
    if (text) { found.textContent = text; }
    Object.keys(attributes || {}).forEach(function (key) { found.setAttribute(key, attributes[key]); });
    return found;
  }
  function button(text, label, act) {
    const found = make('button', text, { type: 'button', 'aria-label': label });
    found.addEventListener('click', act);
    return found;
  }
  function tell() {
    one('corrected').textContent = edits.length === 1 ? '1 correction, not saved.' : edits.length + ' corrections, not saved.';
    one('saved').textContent = '';
    save.disabled = edits.length === 0;
  }
  // One correction for each predicate: a later one takes the place of the earlier.
  function correct(edit, item, word) {
    const key = edit.do === 'add' ? null : edit.id;
    const at = edits.findIndex(function (each) { return key !== null && each.id === key; });
    if (at >= 0) { edits.splice(at, 1); }
    edits.push(edit);
    let mark = edit.do === 'add' ? null : item.querySelector(':scope > .done');
    if (!mark) { mark = make('span', '', { 'class': 'done' }); item.appendChild(mark); }
    mark.textContent = word;
    item.classList.toggle('is-deleted', edit.do === 'delete');
    tell();
  }
  function field(form, name, text, value, kind) {
    const label = make('label', text), input = make('input', '', { name: name, type: kind || 'text' });
    if (kind === 'checkbox') { input.checked = Boolean(value); } else { input.value = value === null || value === undefined ? '' : value; }
    if (kind === 'number') { input.step = 'any'; }
    label.appendChild(input);
    form.appendChild(label);
    return input;
  }
  function choice(form, name, text, values, value) {
    const label = make('label', text), input = make('select', '', { name: name });
    values.forEach(function (each) {
      const option = make('option', each === '' ? 'none' : each, { value: each });
      option.selected = each === (value || '');
      input.appendChild(option);
    });
    label.appendChild(input);
    form.appendChild(label);
    return input;
  }
  function number(input) { return input.value === '' ? null : Number(input.value); }

  function editor(item, about, done) {
    const old = item.querySelector(':scope > .correction');
    if (old) { old.remove(); return; }
    const form = make('form', '', { 'class': 'correction' }), predicate = about.predicate || {};
    let words, label;
    if (!about.predicate) {
      words = field(form, 'words', 'Words of the criterion', '');
      words.required = true;
      label = choice(form, 'label', 'Type', data.labels, data.labels[0]);
    }
    const limit = predicate.comparator ? null : field(form, 'limit', 'Words of its limit', '');
    const comparator = choice(form, 'comparator', 'Comparator', [''].concat(data.comparators.filter(function (each) {
      return each !== 'in' || predicate.comparator === 'in';
    })), predicate.comparator);
    const low = field(form, 'threshold', 'Limit', predicate.threshold, 'number');
    const high = field(form, 'threshold_high', 'Upper limit of a range', predicate.threshold_high, 'number');
    const unit = field(form, 'unit', 'Unit (UCUM)', predicate.unit);
    const negated = field(form, 'negated', 'Negated', predicate.negated, 'checkbox');
    form.appendChild(make('button', 'Keep', { type: 'submit' }));
    form.appendChild(button('Cancel', 'Cancel', function () { form.remove(); }));
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      const given = {
        comparator: comparator.value || null, threshold: number(low), threshold_high: number(high),
        unit: unit.value.trim() || null, negated: negated.checked,
      };
      const fields = {};
      Object.keys(given).forEach(function (key) {
        const old = predicate[key] === undefined ? (key === 'negated' ? false : null) : predicate[key];
        if (given[key] !== old) { fields[key] = given[key]; }
      });
      if ('threshold' in fields || 'threshold_high' in fields) { fields.threshold_text = null; }
      const edit = { fields: fields };
      if (limit && limit.value.trim()) { edit.limit = limit.value.trim(); delete fields.threshold_text; }
      if (words) { edit.words = words.value.trim(); edit.label = label.value; }
      done(edit);
      form.remove();
      const back = item.querySelector('.correct button');
      if (back) { back.focus(); }
    });
    item.appendChild(form);
    form.querySelector('input, select').focus();
  }
  function find(id) {
    for (const criterion of record.criteria) {
      for (const predicate of criterion.predicates) { if (predicate.id === id) { return predicate; } }
    }
    return null;
  }
  trial.querySelectorAll('li.predicate').forEach(function (item) {
    const id = item.dataset.id, told = item.querySelector('.told').textContent;
    const bar = make('div', '', { 'class': 'correct', role: 'group', 'aria-label': 'Correct ' + told });
    bar.appendChild(button('Accept', 'Accept ' + told, function () { correct({ 'do': 'accept', id: id }, item, 'accepted'); }));
    bar.appendChild(button('Edit', 'Edit ' + told, function () {
      editor(item, { predicate: find(id) }, function (edit) { correct(Object.assign({ 'do': 'edit', id: id }, edit), item, 'edited'); });
    }));
    bar.appendChild(button('Delete', 'Delete ' + told, function () { correct({ 'do': 'delete', id: id }, item, 'deleted'); }));
    item.appendChild(bar);
  });
  trial.querySelectorAll('li.criterion').forEach(function (item) {
    const id = item.dataset.id, bar = make('div', '', { 'class': 'correct' });
    bar.appendChild(button('Add a predicate', 'Add a predicate to ' + id, function () {
      editor(item, {}, function (edit) {
        correct(Object.assign({ 'do': 'add', criterion: id }, edit), item, 'added: ' + edit.words);
      });
    }));
    item.appendChild(bar);
  });
  save.addEventListener('click', function () {
    save.disabled = true;
    fetch('/corrections', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ record: record, text: data.text, edits: edits }),
    }).then(function (answer) {
      return answer.json().then(function (told) {
        const detail = typeof told.detail === 'string' ? told.detail : JSON.stringify(told.detail);
        one('saved').textContent = answer.ok ? 'Saved as ' + told.file + '.' : 'Not saved: ' + detail;
        if (answer.ok) { one('corrected').textContent = edits.length + (edits.length === 1 ? ' correction.' : ' corrections.'); }
        else { save.disabled = false; }
      });
    }).catch(function () { one('saved').textContent = 'Not saved: the service does not answer.'; save.disabled = false; });
  });
  window.addEventListener('beforeunload', function (event) { if (!save.disabled) { event.preventDefault(); } });
})();
