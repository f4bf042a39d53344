// The contact page: anybody may write to the shop. Messages are kept in a file until somebody reads them.
import { appendFileSync } from 'node:fs';

/**
 * @param {URLSearchParams} form
 * @returns {import('./types').ContactForm}
 */
export function fromForm(form) {
  return {
    fullName: form.get('full_name') ?? '',
    email: form.get('email') ?? '',
    phone: form.get('phone') ?? '',
    message: form.get('message') ?? '',
  };
}

/** Whether there is enough in it to answer. */
export const answerable = ({ email, message }) => email.includes('@') && message.trim() !== '';

export const keep = (path, inquiry) => appendFileSync(path, `${JSON.stringify(inquiry)}\n`);
