// The buttons below the programs; what runs them is loaded when one is pressed.
const runner = new URL(`${document.documentElement.dataset.base}assets/live/live.js`, location.href).href;
for (const live of document.querySelectorAll('.live')) {
  const [area, button, results] = live.children;
  button.addEventListener('click', async () => {
    button.disabled = true;
    const { run } = await import(runner);
    await run(area.value, results);
    button.disabled = false;
  });
}

// The page that measures is none of TypeDoc's, so that its link is not either.
const toolbar = document.getElementById('tsd-toolbar-links');
if (toolbar) {
  const href = new URL(`${document.documentElement.dataset.base}bench.html`, location.href).href;
  toolbar.append(Object.assign(document.createElement('a'), { href, textContent: 'bench' }));
}
