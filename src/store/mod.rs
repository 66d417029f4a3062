//! Packs, chunks and the index that is rebuilt from them. Knows nothing of films.
