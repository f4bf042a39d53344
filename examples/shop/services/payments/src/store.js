// Payments in a JSON file.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export class PaymentStore {
  #path;
  #payments;

  constructor(path) {
    this.#path = path;
    this.#payments = new Map(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []);
  }

  get(paymentId) {
    return this.#payments.get(paymentId);
  }

  ofOrder(orderId) {
    return [...this.#payments.values()].find((payment) => payment.orderId === orderId);
  }

  put(payment) {
    this.#payments.set(payment.paymentId, payment);
    writeFileSync(`${this.#path}.new`, JSON.stringify([...this.#payments]));
    renameSync(`${this.#path}.new`, this.#path);
    return payment;
  }
}
