// The buttons below the programs; what runs them is loaded when one is pressed.
for (const live of document.querySelectorAll('.live')) {
  const [area, button, results] = live.children;
  button.addEventListener('click', async () => {
    button.disabled = true;
    const { run } = await import(
      new URL(
        'live/live.js',
        document.currentScript?.src ??
          new URL(`${document.documentElement.dataset.base ?? './'}assets/`, location.href),
      ).href
    );
    await run(area.value, results);
    button.disabled = false;
  });
}
