// The customers table, on the page and as CSV.

/** Fields of a user with their titles, in the order of the columns. */
export const COLUMNS = [
  ['userId', 'Customer Number'],
  ['email', 'Email'],
  ['displayName', 'Display Name'],
  ['phone', 'Phone'],
  ['marketingOptIn', 'Marketing Opt In'],
  ['storeCredit', 'Store Credit'],
  ['createdAt', 'Created At'],
  ['updatedAt', 'Updated At'],
];

export const TITLES = COLUMNS.map(([, title]) => title);

/** The cells of a user's row, for people. */
export const cells = (user) => COLUMNS.map(([key]) => readable(key, user[key]));

function readable(key, value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return key.endsWith('At') ? value.slice(0, 10) : value;
}

/** @param {import('./types').UserView[]} users */
export function toCsv(users) {
  return [TITLES, ...users.map(cells)].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(value) {
  // A leading = + - @ would be a formula in a spreadsheet; phone numbers begin with +.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
