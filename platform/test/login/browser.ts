/** As much of a browser as signing in needs: cookies for each server, redirects, and forms. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();
  readonly #person: string;

  constructor(person = 'ana') {
    this.#person = person;
  }

  /** One request, without following what it answers. */
  async go(address: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(address);
    const jar = this.#jar(origin);
    const headers = new Headers(init.headers);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie !== '') headers.set('cookie', cookie);
    headers.set('accept', 'text/html');
    const answer = await fetch(address, { redirect: 'manual', ...init, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split('; ');
      const [name = '', ...value] = pair.split('=');
      const isGone = attributes.some(
        (each) => /^max-age=0$/i.test(each) || /^expires=Thu, 01 Jan 1970/i.test(each),
      );
      if (isGone) jar.delete(name);
      else jar.set(name, value.join('='));
    }
    return answer;
  }

  /** Follows redirects, and signs in and agrees where the provider asks, until it is sent to an address that begins so. */
  async until(prefix: string, start: string): Promise<string> {
    let address = start;
    for (let step = 0; step < 20; step += 1) {
      if (address.startsWith(prefix)) return address;
      const answer = await this.go(address);
      const location = answer.headers.get('location');
      address =
        location === null ? await this.#fill(address, await answer.text()) : new URL(location, address).href;
    }
    throw new TypeError(`never came to ${prefix}`);
  }

  cookies(origin: string): Map<string, string> {
    return this.#jar(origin);
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  async #fill(address: string, page: string): Promise<string> {
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) throw new TypeError(`no form at ${address}: ${page.slice(0, 400)}`);
    const body = new URLSearchParams(answersTo(page, this.#person));
    const answer = await this.go(new URL(action, address).href, { method: 'POST', body });
    return new URL(answer.headers.get('location') ?? '', address).href;
  }
}

/** What a person fills in: they sign in, agree, and mean it when they sign out. */
function answersTo(page: string, login: string): Record<string, string> {
  const proof = /name="xsrf" value="([^"]+)"/.exec(page)?.[1];
  if (proof !== undefined) return { xsrf: proof, logout: 'yes' };
  return page.includes('name="login"') ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' };
}
