"""The users service: who the shop's customers are."""
