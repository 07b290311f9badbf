// Stand-ins for built-ins that host pages replace. Prototype, MooTools and their kind put their own versions over
// what the browsers of their day lacked, some of which do something else under the same name: an `Array.from` without
// its second argument, a `reduce` that takes no function, a `toJSON` that makes arrays into strings. A copy taken when
// this is loaded may be the page's already, so these need nothing newer than ES3, which no library replaces.
// eslint.config.js forbids the originals wherever a host page runs our code.

/** JSON of plain data: what JSON.stringify gives on an untouched page. Any `toJSON` is left alone. */
export function toJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return value - value === 0 ? `${value}` : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object' || value === null) return 'null';
  return isArray(value) ? arrayJson(value) : objectJson(value as Record<string, unknown>);
}

export function isArray(value: unknown): value is unknown[] {
  return {}.toString.call(value) === '[object Array]';
}

export function map<Item, Result>(list: readonly Item[], change: (item: Item, index: number) => Result): Result[] {
  const results: Result[] = [];
  for (const item of list) results.push(change(item, results.length));
  return results;
}

export function filter<Item, Kept extends Item>(list: readonly Item[], wanted: (item: Item) => item is Kept): Kept[];
export function filter<Item>(list: readonly Item[], wanted: (item: Item) => boolean): Item[];
export function filter<Item>(list: readonly Item[], wanted: (item: Item) => boolean): Item[] {
  const kept: Item[] = [];
  for (const item of list) if (wanted(item)) kept.push(item);
  return kept;
}

export function find<Item>(list: readonly Item[], wanted: (item: Item) => boolean): Item | undefined {
  for (const item of list) if (wanted(item)) return item;
  return undefined;
}

export function some<Item>(list: readonly Item[], wanted: (item: Item) => boolean): boolean {
  for (const item of list) if (wanted(item)) return true;
  return false;
}

export function contains<Item>(list: readonly Item[], item: Item): boolean {
  return some(list, (one) => one === item);
}

export function lastOf<Item>(list: readonly Item[]): Item | undefined {
  return list[list.length - 1];
}

export function startsWith(text: string, start: string): boolean {
  return text.slice(0, start.length) === start;
}

/** Name and value of everything that is the object's own; undefined values are left out. */
export function entries<Of extends object>(object: Of): [string, Exclude<Of[keyof Of], undefined>][] {
  const found: [string, Exclude<Of[keyof Of], undefined>][] = [];
  for (const name in object) {
    const value = {}.hasOwnProperty.call(object, name) ? object[name] : undefined;
    if (value !== undefined) found.push([name, value as Exclude<Of[keyof Of], undefined>]);
  }
  return found;
}

function arrayJson(list: unknown[]): string {
  let json = '';
  for (const item of list) json += `${json && ','}${toJson(item)}`;
  return `[${json}]`;
}

function objectJson(object: Record<string, unknown>): string {
  let json = '';
  for (const [name, value] of entries(object)) {
    if (typeof value !== 'function') json += `${json && ','}${quoted(name)}:${toJson(value)}`;
  }
  return `{${json}}`;
}

const special = /["\\\u0000-\u001f]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g; // eslint-disable-line no-control-regex
const short: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// Half a character becomes an escape: no text that travels could hold it.
function quoted(text: string): string {
  return `"${text.replace(special, (found) => (found.length > 1 ? found : short[found] ?? `\\u${hex(found.charCodeAt(0), 4)}`))}"`;
}

/** The number in hexadecimal, with at least that many digits. */
export function hex(number: number, digits: number): string {
  let text = number.toString(16);
  while (text.length < digits) text = `0${text}`;
  return text;
}
