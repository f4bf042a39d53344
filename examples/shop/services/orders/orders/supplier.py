"""A supplier: a company that delivers goods to the shop. Not a user of the shop."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Supplier:
    supplier_id: str
    company: str
    email: str
    phone: str
    lead_days: int


def from_row(row: sqlite3.Row) -> Supplier:
    return Supplier(
        supplier_id=row["supplier_id"],
        company=row["company"],
        email=row["email"],
        phone=row["phone"],
        lead_days=row["lead_days"],
    )


def to_json(supplier: Supplier) -> dict[str, object]:
    return {
        "supplier_id": supplier.supplier_id,
        "company": supplier.company,
        "email": supplier.email,
        "phone": supplier.phone,
        "lead_days": supplier.lead_days,
    }
