// Calls to the services behind the gateway.

const TIMEOUT_MS = 3000;

/** An answer that the front end should see as it is: a status and a JSON body. */
export class Answer extends Error {
  constructor(status, body) {
    super(`answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

const unavailable = () => new Answer(502, { title: 'a service that is needed did not answer', status: 502 });

/** A client of one service: `client(path, { method, body })` resolves to the parsed answer or throws an Answer. */
export function upstream(base) {
  return async (path, { method = 'GET', body } = {}) => {
    const { status, parsed } = await send(new URL(path, base), method, body);
    if (status >= 500) throw unavailable();
    if (status >= 400) throw new Answer(status, parsed);
    return parsed;
  };
}

async function send(url, method, body) {
  try {
    const answer = await fetch(url, {
      method,
      body: body && JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, parsed: await answer.json() };
  } catch (error) {
    console.error(`${method} ${url}: ${error.cause?.code ?? error.message}`);
    throw unavailable();
  }
}
