-- What a person released stays released only while the order goes on: whether it was cancelled or ran out since is asked with every check of it.
create index order_reservations_given_up on order_reservations (segment_id, source, order_number) where status in ('cancelled', 'expired');
