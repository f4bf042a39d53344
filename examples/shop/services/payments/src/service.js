// The RPCs of `contracts/payments.proto`: message in, message out.
import { authorize, capture, fromAuthorizeRequest, RpcError, toMessage } from './payment.js';

export const SERVICE = 'shop.payments.v1.Payments';

export function methods(store) {
  const found = (paymentId) => {
    const payment = store.get(paymentId);
    if (!payment) throw new RpcError('not_found', 'no such payment');
    return payment;
  };
  return {
    Authorize(message) {
      const request = fromAuthorizeRequest(message);
      return toMessage(store.ofOrder(request.orderId) ?? store.put(authorize(request)));
    },
    Capture: ({ paymentId }) => toMessage(store.put(capture(found(paymentId)))),
    GetPayment: ({ paymentId }) => toMessage(found(paymentId)),
  };
}
