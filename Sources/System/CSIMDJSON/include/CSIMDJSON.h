#ifndef POSELAB_CSIMDJSON_H
#define POSELAB_CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>

// Reads lists of JSON objects into columns, one column per wanted field, with simdjson.
//
// The caller names the fields once and then parses any number of texts, one after the other. Columns belong to
// the reader and live until its next parse. Unwanted fields are skipped; of a repeated field the last counts.

#ifdef __cplusplus
extern "C" {
#endif

enum {
  PL_JSON_INTEGER = 0,  ///< whole number, or true/false as 1/0
  PL_JSON_NUMBER = 1,   ///< number; NaN, Infinity and -Infinity are understood
  PL_JSON_NUMBERS = 2,  ///< list of numbers
  PL_JSON_TEXT = 3,     ///< string
  PL_JSON_TEXTS = 4,    ///< list of strings
  PL_JSON_PAIRS = 5,    ///< list of lists of two numbers, flattened
};

/// What was found for a field in a record. From PL_JSON_FOUND_NULL on: the value is not of the wanted kind, and
/// the state tells what stands there.
enum {
  PL_JSON_ABSENT = 0,
  PL_JSON_PRESENT = 1,
  PL_JSON_FOUND_NULL = 2,
  PL_JSON_FOUND_BOOLEAN = 3,
  PL_JSON_FOUND_NUMBER = 4,  ///< for PL_JSON_INTEGER: a fraction, or beyond 64 bits
  PL_JSON_FOUND_TEXT = 5,
  PL_JSON_FOUND_LIST = 6,
  PL_JSON_FOUND_OBJECT = 7,
  PL_JSON_BAD_ELEMENT = 8,  ///< a list with an element of the wrong kind
};

typedef struct {
  const char *name;
  int32_t kind;
} pl_json_field;

typedef struct pl_json_reader pl_json_reader;

/// Bytes a text's buffer must have beyond its end; their content does not matter.
size_t pl_json_padding(void);

/// NULL if memory is short. The names must outlive the reader.
pl_json_reader *pl_json_reader_new(const pl_json_field *fields, int32_t count);
void pl_json_reader_free(pl_json_reader *reader);

/// Parses "[{…},{…},…]". Returns NULL, or what is wrong with the text as a static string; then
/// pl_json_record_count() is the index of the record at fault.
const char *pl_json_parse(pl_json_reader *reader, const char *text, size_t length);

size_t pl_json_record_count(const pl_json_reader *reader);
/// One state a record.
const uint8_t *pl_json_states(const pl_json_reader *reader, int32_t field);
const int64_t *pl_json_integers(const pl_json_reader *reader, int32_t field);
const double *pl_json_numbers(const pl_json_reader *reader, int32_t field);
/// Where record i's slice of values or text bytes begins and ends.
const uint32_t *pl_json_begins(const pl_json_reader *reader, int32_t field);
const uint32_t *pl_json_ends(const pl_json_reader *reader, int32_t field);
const double *pl_json_values(const pl_json_reader *reader, int32_t field);
/// UTF-8; elements of PL_JSON_TEXTS each end with a zero byte.
const char *pl_json_text(const pl_json_reader *reader, int32_t field);

#ifdef __cplusplus
}
#endif
#endif
