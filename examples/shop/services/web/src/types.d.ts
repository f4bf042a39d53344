/** A user as the pages show it. */
export interface UserView {
  userId: string;
  email: string;
  displayName: string;
  phone: string;
  marketingOptIn: boolean;
  storeCredit: number;
  createdAt: string;
  updatedAt: string;
}

/** A message that somebody sent through the contact page; not a user of the shop. */
export interface ContactForm {
  fullName: string;
  email: string;
  phone: string;
  message: string;
}
