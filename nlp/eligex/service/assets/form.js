// The form: a file is read into the box for the text, and nothing leaves the page before it is sent.
(function () {
  'use strict';
  const one = function (id) { return document.getElementById(id); };
  const box = one('text'), file = one('file'), said = one('said');
  one('from-file').hidden = false;

  function take(given) {
    if (!given) { return; }
    if (given.size > Number(file.dataset.most)) { said.textContent = given.name + ' is too large.'; return; }
    given.text().then(function (text) {
      if (text.includes('\u0000')) { said.textContent = given.name + ' is not a text file.'; return; }
      const odd = text.includes('\ufffd') ? ' Some of its characters are not UTF-8; they are shown as \ufffd.' : '';
      box.value = text;
      if (!one('trial_id').value) { one('trial_id').value = given.name.replace(/\.[^.]{1,8}$/, '').slice(0, 200); }
      said.textContent = given.name + ' was read.' + odd;
      box.focus();
    }, function () { said.textContent = given.name + ' cannot be read.'; });
  }
  file.addEventListener('change', function () { take(file.files[0]); });
  function holdsFiles(event) { return Array.from(event.dataTransfer.types).includes('Files'); }
  // Also beside the box: a browser would open the file there, and what was typed would be gone.
  ['dragenter', 'dragover'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (holdsFiles(event)) { event.preventDefault(); box.classList.add('over'); }
    });
  });
  document.addEventListener('dragleave', function (event) {
    if (event.relatedTarget === null) { box.classList.remove('over'); }
  });
  document.addEventListener('drop', function (event) {
    box.classList.remove('over');
    if (!holdsFiles(event)) { return; }
    event.preventDefault();
    const files = event.dataTransfer.files;
    if (files.length === 1) { take(files[0]); } else { said.textContent = 'Drop one file at a time.'; }
  });
  one('form').addEventListener('submit', function () { said.textContent = 'Reading the text …'; });
})();
