// What the front end gets to see: named field by field, so that nothing internal slips through.

/**
 * @param {import('./types').User} user
 * @returns {import('./types').User}
 */
export function toUserView(user) {
  return {
    user_id: user.user_id,
    email: user.email,
    display_name: user.display_name,
    phone: user.phone ?? '',
    marketing_opt_in: user.marketing_opt_in ?? false,
    store_credit: user.store_credit ?? 0,
    created_at: user.created_at,
    updated_at: user.updated_at,
  };
}

/**
 * The changes that the front end may ask for; what it leaves out stays undefined and is not sent on.
 * @param {Partial<import('./types').User>} body
 */
export function toUserChanges(body) {
  return {
    email: body.email,
    display_name: body.display_name,
    phone: body.phone,
    marketing_opt_in: body.marketing_opt_in,
    store_credit: body.store_credit,
  };
}

/** @returns {import('./types').OrderSummary} */
export function toOrderSummary(order) {
  return {
    order_id: order.order_id,
    status: order.status,
    total: order.total,
    currency: order.currency,
    placed_at: order.placed_at,
  };
}
