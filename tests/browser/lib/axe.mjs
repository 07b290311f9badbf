// axe-core over a page and the shadow trees in it: what WCAG 2.2 A and AA ask for and a program can see.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const source = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// Fails with what is wrong, and where. view: a name for the message; within: what alone is looked at.
export async function checkAccessibility(page, view, within = 'html') {
  await page.evaluate(source);
  const { violations } = await page.evaluate(([element, values]) =>
    window.axe.run(element === 'html' ? document : element, { runOnly: { type: 'tag', values } }), [within, tags]);
  const found = violations.map(({ id, help, nodes }) =>
    `${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `    ${JSON.stringify(target)} ${failureSummary}`).join('\n')}`);
  assert.equal(found.length, 0, `${view}:\n${found.join('\n')}`);
}
