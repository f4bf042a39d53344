// Calls to the gateway; `contracts/gateway.openapi.yaml`.
import { fromJson } from './user.js';

const TIMEOUT_MS = 5000;

export function gatewayClient(base) {
  const call = async (path, method = 'GET', body = undefined) => {
    const answer = await fetch(new URL(path, base), {
      method,
      body: body && JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    /** All users. */
    async customers() {
      const { status, body } = await call('/api/customers');
      if (status !== 200) throw new Error(`gateway answered ${status}`);
      return body.users.map(fromJson);
    },
    /** A user and their orders, or undefined. */
    async customer(userId) {
      const { status, body } = await call(`/api/customers/${userId}`);
      if (status === 404) return undefined;
      if (status !== 200) throw new Error(`gateway answered ${status}`);
      return { user: fromJson(body.user), orders: body.orders };
    },
    /** Field name to what is wrong with it; empty when the change was made. */
    async change(userId, changes) {
      const { status, body } = await call(`/api/customers/${userId}`, 'PATCH', changes);
      if (status === 200) return {};
      if (status >= 500) throw new Error(`gateway answered ${status}`);
      return body.errors ?? { profile: body.title };
    },
  };
}
