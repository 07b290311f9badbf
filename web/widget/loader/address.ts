// The address of the page, as far as agents see it: never who is signed in by it, nor what follows its "#", where
// sites keep secrets; what follows its "?" only if the site wants it.
import { urlAtMost } from '../../views/cut';

const longest = 2048; // what the server takes

/** full: with the query. undefined: no address of the web. */
export function addressFor(address: string, full: boolean): string | undefined {
  try {
    const { protocol, host, pathname, search } = new URL(address, location.href);
    return host ? urlAtMost(`${protocol}//${host}${pathname}${full ? search : ''}`, longest) : undefined;
  } catch {
    return undefined;
  }
}

/** Calls listener when a router has changed the address, until the returned function is called. */
export function watchAddress(listener: () => void): () => void {
  const { navigation } = window as { navigation?: EventTarget };
  const removers = [
    listen(window, 'popstate', listener),
    listen(window, 'hashchange', listener),
    ...(navigation ? [listen(navigation, 'currententrychange', listener)] : []),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}

function listen(target: EventTarget, name: string, listener: () => void): () => void {
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}
