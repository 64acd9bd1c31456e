/**
 * The script of the page: filters, sorts, copies. The page is whole without it. It reads the table that is there and
 * makes no markup, so nothing in a report can become markup through it.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  root.classList.add('live');

  const theme = find('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
  const name = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  theme.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); });
  dark.addEventListener('change', name);
  name();

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('.copy');
    if (!button) return;
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });

  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const one of closed) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of closed) one.open = false; });

  const table = find('table');
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const text = find('text');
  const check = find('check');
  const chips = [...document.querySelectorAll('.chip')];
  let words;

  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const only = chips.filter((chip) => chip.getAttribute('aria-pressed') === 'true').map((chip) => chip.dataset.only);
    const results = only.filter((one) => one !== 'new');
    if (wanted.length > 0 && !words) words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    let shown = 0;
    for (const row of rows) {
      const fits =
        (results.length === 0 || results.includes(row.dataset.result)) &&
        (!only.includes('new') || 'new' in row.dataset) &&
        (check.value === '' || check.value === row.dataset.check) &&
        wanted.every((word) => words.get(row).includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    const all = rows.length.toLocaleString('en-US');
    find('shown').textContent = shown === rows.length ? all + (shown === 1 ? ' finding' : ' findings') : shown.toLocaleString('en-US') + ' of ' + all;
    find('nothing').hidden = shown > 0;
  };
  const clear = () => {
    text.value = '';
    check.value = '';
    for (const chip of chips) chip.setAttribute('aria-pressed', 'false');
    filter();
  };
  text.addEventListener('input', filter);
  check.addEventListener('change', filter);
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
      filter();
    });
  }
  find('clear').addEventListener('click', () => { clear(); text.focus(); });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, select, textarea');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      text.focus();
    }
    if (event.key === 'Escape' && typing) clear();
  });

  const order = new Intl.Collator('en', { numeric: true });
  const cell = (row, key) => row.querySelector('td.' + key).firstChild.textContent;
  const keys = {
    result: (a, b) => a.dataset.rank - b.dataset.rank,
    step: (a, b) => a.dataset.step - b.dataset.step,
    subject: (a, b) => order.compare(cell(a, 'subject'), cell(b, 'subject')),
    message: (a, b) => order.compare(cell(a, 'message'), cell(b, 'message')),
  };
  for (const button of table.querySelectorAll('[data-sort]')) {
    button.addEventListener('click', () => {
      const head = button.parentElement;
      const direction = head.ariaSort === 'ascending' ? 'descending' : 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', direction);
      const compare = keys[button.dataset.sort];
      const sorted = rows.toSorted((a, b) => (direction === 'ascending' ? compare(a, b) : compare(b, a)));
      body.append(...sorted);
    });
  }
})();
`;
