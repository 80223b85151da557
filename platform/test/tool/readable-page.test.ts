import { expect, test } from 'vitest';
import { readablePage } from '../../src/adapter/http-fetch/readable-page.ts';

const base = new URL('https://example.com/docs/page');
const textOf = (html: string): string => readablePage(html, base).text;

test.each([
  ['headings and paragraphs', '<h2>One</h2><p>a\n b</p><p>c</p>', '## One\n\na b\n\nc'],
  ['lists', '<ul><li>a</li><li><b>b</b></li></ul>', '- a\n\n- b'],
  ['tables', '<table><tr><td>a</td><td>b</td></tr></table>', 'a | b |'],
  ['preformatted text', '<pre>x\n  y</pre>', 'x\n  y'],
  ['relative links', '<a href="../x">X</a>', '[X](https://example.com/x)'],
  ['links that are no addresses', '<a href="javascript:x()">X</a> <a>Y</a>', 'X Y'],
  ['images with a text', '<img alt="a cat" src=x><img src=y>', '[image: a cat]'],
  ['entities', '&lt;b&gt; &eacute; &#x20AC;', '<b> é €'],
  ['hidden elements', 'a<div hidden>b<div>c</div></div><p aria-hidden="true">d</p>e', 'a\n\ne'],
  ['nested hidden elements', '<nav><nav>x</nav>y</nav>z', 'z'],
  ['scripts that contain tags', '<script>"<p>no</p>"</script>yes', 'yes'],
  ['unclosed elements', '<p>a<p>b<div>c', 'a\n\nb\n\nc'],
  ['comments', 'a<!-- <p>b</p> -->c', 'ac'],
])('%s', (_, html, expected) => {
  expect(textOf(html).replace(/\n+/g, '\n')).toBe(expected.replace(/\n+/g, '\n'));
});

test('the title is the first of the page, not that of a drawing', () => {
  const html = '<svg><title>icon</title></svg><title> My\n page </title><title>other</title>';
  expect(readablePage(html, base).title).toBe('My page');
});

test('a page that is nested without end is read in a moment, and says so', () => {
  const started = performance.now();
  const text = textOf(`start${'<div>'.repeat(400_000)}deep`);
  expect(text).toMatch(/^start\s+\[the rest of the page is nested too deeply to be read\]$/);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('empty lines are not repeated', () => {
  expect(textOf('<p>a</p><div><div><p></p></div></div><p>b</p>')).toBe('a\n\nb');
});
