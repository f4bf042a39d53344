"""Orders and suppliers in SQLite."""

import sqlite3
import threading
from dataclasses import asdict
from pathlib import Path

from orders import customer, supplier
from orders.database import connect
from orders.order import Item, Order
from orders.supplier import Supplier

QUERIES = {path.stem: path.read_text() for path in Path(__file__).with_name("queries").glob("*.sql")}


class Store:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str) -> "Store":
        return cls(connect(path))

    def add(self, order: Order) -> None:
        """Keep an order, its customer and its items: all of it or nothing."""
        key = {"order_id": order.order_id}
        with self._lock, self._db:
            self._db.execute(QUERIES["insert_order"], asdict(order))
            self._db.execute(QUERIES["insert_customer"], asdict(order.customer) | key)
            self._db.executemany(QUERIES["insert_item"], [asdict(item) | key for item in order.items])

    def get(self, order_id: str) -> Order | None:
        with self._lock:
            row = self._db.execute("SELECT * FROM orders WHERE order_id = ?", (order_id,)).fetchone()
            return self._whole(row) if row else None

    def find(self, user_id: str | None = None) -> list[Order]:
        with self._lock:
            rows = self._db.execute(QUERIES["list_orders"], {"user_id": user_id}).fetchall()
            return [self._whole(row) for row in rows]

    def suppliers(self) -> list[Supplier]:
        with self._lock:
            rows = self._db.execute("SELECT * FROM suppliers ORDER BY company")
            return [supplier.from_row(row) for row in rows]

    def close(self) -> None:
        self._db.close()

    def _whole(self, row: sqlite3.Row) -> Order:
        key = (row["order_id"],)
        buyer = self._db.execute("SELECT * FROM order_customers WHERE order_id = ?", key).fetchone()
        items = self._db.execute(
            "SELECT sku, quantity, unit_price FROM order_items WHERE order_id = ? ORDER BY rowid", key
        )
        return Order(**row, customer=customer.from_row(buyer), items=tuple(Item(**item) for item in items))
