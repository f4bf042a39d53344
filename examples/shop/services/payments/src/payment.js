// A payment and its two forms: as kept, and as proto3's JSON mapping writes it.
import { randomUUID } from 'node:crypto';

export const AUTHORIZED = 'PAYMENT_STATUS_AUTHORIZED';
export const CAPTURED = 'PAYMENT_STATUS_CAPTURED';
export const DECLINED = 'PAYMENT_STATUS_DECLINED';

// Amounts above this need a phone call; in cents.
const LIMIT = 500_000;

/** A request that cannot be answered with success; `code` is one of Connect's. */
export class RpcError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export function authorize({ orderId, userId, amount, currency }) {
  return {
    paymentId: randomUUID(),
    orderId,
    userId,
    amount,
    currency,
    status: amount > LIMIT ? DECLINED : AUTHORIZED,
  };
}

export function capture(payment) {
  if (payment.status === DECLINED) {
    throw new RpcError('failed_precondition', 'the payment was declined');
  }
  return { ...payment, status: CAPTURED };
}

/** Read an AuthorizeRequest; int64 comes as a string, or as a number from lenient writers. */
export function fromAuthorizeRequest(message) {
  const { orderId, userId, currency } = message;
  const amount = /^\d+$/.test(message.amount) ? Number(message.amount) : NaN;
  const texts = [orderId, userId, currency].every((text) => typeof text === 'string' && text !== '');
  if (!texts || !Number.isSafeInteger(amount)) {
    throw new RpcError('invalid_argument', 'orderId, userId, currency and an amount of 0 or more are needed');
  }
  return { orderId, userId, amount, currency };
}

export function toMessage(payment) {
  return {
    paymentId: payment.paymentId,
    orderId: payment.orderId,
    userId: payment.userId,
    amount: String(payment.amount),
    currency: payment.currency,
    status: payment.status,
  };
}
