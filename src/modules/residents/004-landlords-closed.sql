-- The landlord's telephone is closed, bound to the landlord's root.
comment on column residents_landlords.phone_cipher is 'closed: residents.landlordPhone:{root}';
