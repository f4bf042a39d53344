UPDATE users SET phone = replace(phone, ' ', '');
