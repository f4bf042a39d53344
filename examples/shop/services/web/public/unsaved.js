// Mark what was changed on the profile page, and ask before it is lost.

/** The inputs of the page that can be changed, by id. */
export const WATCHED = [
  'email',
  'display-name',
  'phone',
  'marketing-opt-in',
  'store-credit',
];

const changed = (input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked;

/** The ids of the inputs that were changed and not saved. */
export function unsaved(page) {
  return WATCHED.filter((id) => changed(page.getElementById(id)));
}

export function watch(page, target) {
  let saving = false;
  page.getElementById('profile').addEventListener('input', ({ target: input }) => {
    input.toggleAttribute('data-changed', changed(input));
  });
  page.getElementById('profile').addEventListener('submit', () => {
    saving = true;
  });
  target.addEventListener('beforeunload', (event) => {
    if (!saving && unsaved(page).length > 0) event.preventDefault();
  });
}
