"""Ask the payments service; `contracts/payments.proto` as JSON in the way of Connect."""

from orders.upstream import Send, Unavailable, send

AUTHORIZED = "PAYMENT_STATUS_AUTHORIZED"


class PaymentsClient:
    def __init__(self, url: str, transport: Send = send) -> None:
        self._url = f"{url.rstrip('/')}/shop.payments.v1.Payments"
        self._send = transport

    def authorize(self, *, order_id: str, user_id: str, amount: int, currency: str) -> bool:
        """Whether the amount is reserved."""
        body = {
            "orderId": order_id,
            "userId": user_id,
            "amount": str(amount),  # proto3's JSON mapping writes int64 as a string
            "currency": currency,
        }
        status, payment = self._send("POST", f"{self._url}/Authorize", body)
        if status != 200:
            raise Unavailable(f"payments answered {status}")
        return payment["status"] == AUTHORIZED
