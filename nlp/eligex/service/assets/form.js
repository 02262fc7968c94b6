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
      box.value = text;
      if (!one('trial_id').value) { one('trial_id').value = given.name.replace(/\.[^.]{1,8}$/, '').slice(0, 200); }
      said.textContent = given.name + ' was read.';
      box.focus();
    }, function () { said.textContent = given.name + ' cannot be read.'; });
  }
  file.addEventListener('change', function () { take(file.files[0]); });
  ['dragenter', 'dragover'].forEach(function (name) {
    box.addEventListener(name, function (event) { event.preventDefault(); box.classList.add('over'); });
  });
  ['dragleave', 'drop'].forEach(function (name) {
    box.addEventListener(name, function () { box.classList.remove('over'); });
  });
  box.addEventListener('drop', function (event) {
    const given = event.dataTransfer.files[0];
    if (given) { event.preventDefault(); take(given); }
  });
  one('form').addEventListener('submit', function () { said.textContent = 'Reading the text …'; });
})();
