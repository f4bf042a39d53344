// A user between the gateway's JSON and the pages.

/**
 * @param {Record<string, any>} json
 * @returns {import('./types').UserView}
 */
export function fromJson(json) {
  return {
    userId: json.user_id,
    email: json.email,
    displayName: json.display_name,
    phone: json.phone,
    marketingOptIn: json.marketing_opt_in,
    storeCredit: json.store_credit,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  };
}

// A field that the form lacks, because the page is older than the server, is not a change.
const text = (form, name) => form.get(name) ?? undefined;
const number = (form, name) => (form.has(name) ? Number(form.get(name)) : undefined);

/**
 * The changes that a submitted profile form asks for. A box that is not ticked is not submitted.
 * @param {URLSearchParams} form
 */
export function changesFromForm(form) {
  return {
    email: text(form, 'email'),
    display_name: text(form, 'display_name'),
    phone: text(form, 'phone'),
    marketing_opt_in: form.has('marketing_opt_in'),
    store_credit: number(form, 'store_credit'),
  };
}
