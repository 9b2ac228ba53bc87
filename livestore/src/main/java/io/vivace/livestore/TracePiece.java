package io.vivace.livestore;

/// What one push brought of one trace: OTLP bytes `[offset, offset + length)` of a record.
///
/// @param serial grows with every piece of the tenant
@SuppressWarnings("ArrayRecordComponent") // The bytes are shared with the record that they came in.
record TracePiece(byte[] bytes, int offset, int length, long serial, RecordHold hold) {}
