-- Who sees a security may open its papers.
create index security_documents_blob on security_documents (sha256);
create policy by_security on blobs for select using (exists (select from security_documents d where d.sha256 = blobs.sha256));
create policy by_security on blob_chunks for select using (exists (select from security_documents d where d.sha256 = blob_chunks.sha256));
