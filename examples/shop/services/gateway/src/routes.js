// The routes of `contracts/gateway.openapi.yaml`.
import { toOrderSummary, toUserChanges, toUserView } from './views.js';

/** Routes as [method, path pattern, handler(parameters, body)]. */
export function routes({ users, orders }) {
  return [
    ['GET', /^\/healthz$/, async () => ({ status: 'ok' })],
    ['GET', /^\/api\/customers$/, async () => ({ users: (await users('/users')).users.map(toUserView) })],
    ['GET', /^\/api\/customers\/([\w-]+)$/, ([userId]) => customer(users, orders, userId)],
    [
      'PATCH',
      /^\/api\/customers\/([\w-]+)$/,
      async ([userId], body) =>
        toUserView(await users(`/users/${userId}`, { method: 'PATCH', body: toUserChanges(body) })),
    ],
  ];
}

async function customer(users, orders, userId) {
  const [user, bought] = await Promise.all([users(`/users/${userId}`), orders(`/orders?user_id=${userId}`)]);
  return { user: toUserView(user), orders: bought.orders.map(toOrderSummary) };
}
