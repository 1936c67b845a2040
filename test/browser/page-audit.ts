// Checks that run inside the page. Each function is sent to the browser as text, so it uses nothing outside itself.

/** What is missing for somebody who hears the page: names, landmarks, headings in order, table headers. */
export function findStructureFaults(): string[] {
  const faults: string[] = [];
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const textOf = (element: Element | null | undefined) => element?.textContent?.trim() ?? '';

  for (const control of all('a, button, input, select, textarea')) {
    const label =
      control.getAttribute('aria-label') ?? textOf(control.closest('label')?.querySelector('span'));
    const own = control.matches('a, button') ? textOf(control) : '';
    if (label === '' && own === '') faults.push(`no name: ${control.outerHTML.slice(0, 80)}`);
    if (control.tabIndex < 0) faults.push(`not reachable by keyboard: ${control.outerHTML.slice(0, 80)}`);
  }
  for (const image of all('img, svg')) {
    const isHidden = image.getAttribute('aria-hidden') === 'true' || image.getAttribute('alt') === '';
    if (!isHidden && !image.getAttribute('alt')) faults.push(`no text: ${image.outerHTML.slice(0, 80)}`);
  }
  for (const landmark of ['header', 'main', 'nav[aria-label="Main"]', '[role=status][aria-live=polite]']) {
    if (all(landmark).length === 0) faults.push(`no ${landmark}`);
  }
  if (all('main').length !== 1) faults.push('there must be one main');
  if (all('h1').length !== 1) faults.push('there must be one h1');
  let level = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) faults.push(`heading leaves out a level: ${textOf(heading)}`);
    if (textOf(heading) === '') faults.push('empty heading');
    level = next;
  }
  for (const table of all('table')) {
    if (textOf(table.querySelector('caption')) === '') faults.push('table without a caption');
    if (!table.querySelector('thead th[scope=col]')) faults.push('table without column headers');
    if ([...table.querySelectorAll('tbody tr')].some((row) => !row.querySelector('th[scope=row]'))) {
      faults.push('row without a header');
    }
  }
  const ids = all('[id]').map((element) => element.id);
  if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
  if (document.documentElement.lang === '') faults.push('no language');
  if (all('[aria-current=page]').length > 1) faults.push('two present pages');
  return faults;
}

/** Texts whose contrast with their ground is below 4.5:1 (WCAG 2.2, 1.4.3). */
export function findContrastFaults(): string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const parse = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const luminance = ([red, green, blue]: Colour): number => {
    const part = (value: number) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const groundOf = (element: Element | null): Colour => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      const colour = parse(style.backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return parse(getComputedStyle(document.body).backgroundColor);
  };

  const faults = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || node.textContent?.trim() === '' || element.closest('script, noscript')) continue;
    count += 1;
    const [one, other] = [parse(getComputedStyle(element).color), groundOf(element)].map(luminance);
    if (one === undefined || other === undefined) continue;
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faults.add(`${ratio.toFixed(2)}: ${node.textContent?.slice(0, 40)}`);
  }
  if (count < 10) faults.add(`only ${count} texts were measured`);
  return [...faults];
}
