#define SIMDJSON_EXCEPTIONS 0
#include "CSIMDJSON.h"

#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <vector>

using namespace simdjson;

namespace {

struct Column {
  const char *name;
  size_t nameLength;
  int32_t kind;
  std::vector<uint8_t> states;
  std::vector<int64_t> integers;
  std::vector<double> numbers;
  std::vector<uint32_t> begins, ends;
  std::vector<double> values;
  std::string text;

  void clear() {
    states.clear(), integers.clear(), numbers.clear(), begins.clear(), ends.clear(), values.clear();
    text.clear();
  }

  void addRecord() {
    states.push_back(PL_JSON_ABSENT);
    if (kind == PL_JSON_INTEGER) integers.push_back(0);
    else if (kind == PL_JSON_NUMBER) numbers.push_back(0);
    else {
      auto at = static_cast<uint32_t>(kind == PL_JSON_TEXT || kind == PL_JSON_TEXTS ? text.size() : values.size());
      begins.push_back(at);
      ends.push_back(at);
    }
  }

  bool isNamed(const char *key) const {
    return std::memcmp(key, name, nameLength) == 0 && key[nameLength] == '"';
  }
};

// The three words that Python writes for numbers JSON has no text for.
bool readSpecialNumber(ondemand::value &value, double &result) {
  auto token = value.raw_json_token();
  while (!token.empty() && std::strchr(" \t\r\n", token.back())) token.remove_suffix(1);
  if (token == "NaN") result = std::numeric_limits<double>::quiet_NaN();
  else if (token == "Infinity") result = std::numeric_limits<double>::infinity();
  else if (token == "-Infinity") result = -std::numeric_limits<double>::infinity();
  else return false;
  return true;
}

bool readNumber(ondemand::value &value, double &result) {
  return value.get_double().get(result) == SUCCESS || readSpecialNumber(value, result);
}

uint8_t found(ondemand::value &value) {
  ondemand::json_type type;
  if (value.type().get(type)) return PL_JSON_FOUND_NUMBER;
  switch (type) {
    case ondemand::json_type::array: return PL_JSON_FOUND_LIST;
    case ondemand::json_type::object: return PL_JSON_FOUND_OBJECT;
    case ondemand::json_type::number: return PL_JSON_FOUND_NUMBER;
    case ondemand::json_type::string: return PL_JSON_FOUND_TEXT;
    case ondemand::json_type::boolean: return PL_JSON_FOUND_BOOLEAN;
    default: return PL_JSON_FOUND_NULL;
  }
}

// Each read* returns an error only if the text itself is broken; a value of the wrong kind is a state.

error_code readInteger(Column &column, ondemand::value &value) {
  uint8_t &state = column.states.back();
  int64_t integer;
  bool flag;
  double number;
  if (value.get_int64().get(integer) == SUCCESS) {
    column.integers.back() = integer, state = PL_JSON_PRESENT;
  } else if (value.get_bool().get(flag) == SUCCESS) {
    column.integers.back() = flag, state = PL_JSON_PRESENT;
  } else if (value.get_double().get(number) == SUCCESS) {
    bool whole = std::trunc(number) == number && std::fabs(number) < 9.0e18;
    if (whole) column.integers.back() = static_cast<int64_t>(number);
    state = whole ? PL_JSON_PRESENT : PL_JSON_FOUND_NUMBER;
  } else {
    state = found(value);
  }
  return SUCCESS;
}

error_code readNumbers(Column &column, ondemand::value &value, bool pairs) {
  uint8_t &state = column.states.back();
  ondemand::array list;
  if (value.get_array().get(list)) {
    state = found(value);
    return SUCCESS;
  }
  state = PL_JSON_PRESENT;
  column.begins.back() = static_cast<uint32_t>(column.values.size());
  for (auto element : list) {
    ondemand::value item;
    if (auto error = element.get(item)) return error;
    if (pairs) {
      ondemand::array pair;
      if (item.get_array().get(pair)) {
        state = PL_JSON_BAD_ELEMENT;
        continue;
      }
      int count = 0;
      for (auto part : pair) {
        ondemand::value scalar;
        if (auto error = part.get(scalar)) return error;
        double number = 0;
        if (!readNumber(scalar, number)) state = PL_JSON_BAD_ELEMENT;
        column.values.push_back(number);
        count++;
      }
      if (count != 2) state = PL_JSON_BAD_ELEMENT;
    } else {
      double number = 0;
      if (!readNumber(item, number)) state = PL_JSON_BAD_ELEMENT;
      column.values.push_back(number);
    }
  }
  column.ends.back() = static_cast<uint32_t>(column.values.size());
  return SUCCESS;
}

error_code readText(Column &column, ondemand::value &value) {
  uint8_t &state = column.states.back();
  std::string_view text;
  if (value.get_string().get(text)) {
    state = found(value);
    return SUCCESS;
  }
  state = PL_JSON_PRESENT;
  column.begins.back() = static_cast<uint32_t>(column.text.size());
  column.text.append(text);
  column.ends.back() = static_cast<uint32_t>(column.text.size());
  return SUCCESS;
}

error_code readTexts(Column &column, ondemand::value &value) {
  uint8_t &state = column.states.back();
  ondemand::array list;
  if (value.get_array().get(list)) {
    state = found(value);
    return SUCCESS;
  }
  state = PL_JSON_PRESENT;
  column.begins.back() = static_cast<uint32_t>(column.text.size());
  for (auto element : list) {
    ondemand::value item;
    if (auto error = element.get(item)) return error;
    std::string_view text;
    if (item.get_string().get(text)) state = PL_JSON_BAD_ELEMENT;
    else column.text.append(text).push_back('\0');
  }
  column.ends.back() = static_cast<uint32_t>(column.text.size());
  return SUCCESS;
}

error_code readField(Column &column, ondemand::value &value) {
  switch (column.kind) {
    case PL_JSON_INTEGER: return readInteger(column, value);
    case PL_JSON_NUMBER: {
      double number = 0;
      bool ok = readNumber(value, number);
      column.numbers.back() = number;
      column.states.back() = ok ? uint8_t(PL_JSON_PRESENT) : found(value);
      return SUCCESS;
    }
    case PL_JSON_NUMBERS: return readNumbers(column, value, false);
    case PL_JSON_PAIRS: return readNumbers(column, value, true);
    case PL_JSON_TEXT: return readText(column, value);
    default: return readTexts(column, value);
  }
}

}  // namespace

struct pl_json_reader {
  ondemand::parser parser;
  std::vector<Column> columns;
  size_t records = 0;

  // Records of one file list their fields in the same order, so the field after the last one is tried first.
  Column *column(const char *key, size_t &hint) {
    for (size_t step = 0; step < columns.size(); step++) {
      size_t index = hint + step < columns.size() ? hint + step : hint + step - columns.size();
      if (!columns[index].isNamed(key)) continue;
      hint = index + 1 < columns.size() ? index + 1 : 0;
      return &columns[index];
    }
    return nullptr;
  }

  error_code read(ondemand::object record) {
    size_t hint = 0;
    for (auto field : record) {
      ondemand::raw_json_string key;
      if (auto error = field.key().get(key)) return error;
      Column *wanted = column(key.raw(), hint);
      if (!wanted) continue;
      ondemand::value value;
      if (auto error = field.value().get(value)) return error;
      if (auto error = readField(*wanted, value)) return error;
    }
    return SUCCESS;
  }

  error_code read(const char *text, size_t length) {
    ondemand::document document;
    if (auto error = parser.iterate(text, length, length + SIMDJSON_PADDING).get(document)) return error;
    ondemand::array list;
    if (auto error = document.get_array().get(list)) return error;
    for (auto element : list) {
      ondemand::object record;
      if (auto error = element.get_object().get(record)) return error;
      for (auto &column : columns) column.addRecord();
      if (auto error = read(record)) return error;
      records++;
    }
    return SUCCESS;
  }
};

size_t pl_json_padding(void) { return SIMDJSON_PADDING; }

pl_json_reader *pl_json_reader_new(const pl_json_field *fields, int32_t count) {
  try {
    auto reader = std::make_unique<pl_json_reader>();
    for (int32_t i = 0; i < count; i++) {
      Column column{};
      column.name = fields[i].name;
      column.nameLength = std::strlen(fields[i].name);
      column.kind = fields[i].kind;
      reader->columns.push_back(std::move(column));
    }
    return reader.release();
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void pl_json_reader_free(pl_json_reader *reader) { delete reader; }

const char *pl_json_parse(pl_json_reader *reader, const char *text, size_t length) {
  reader->records = 0;
  for (auto &column : reader->columns) column.clear();
  try {
    error_code error = reader->read(text, length);
    return error ? error_message(error) : nullptr;
  } catch (const std::bad_alloc &) {
    return error_message(MEMALLOC);
  }
}

size_t pl_json_record_count(const pl_json_reader *reader) { return reader->records; }
const uint8_t *pl_json_states(const pl_json_reader *r, int32_t f) { return r->columns[f].states.data(); }
const int64_t *pl_json_integers(const pl_json_reader *r, int32_t f) { return r->columns[f].integers.data(); }
const double *pl_json_numbers(const pl_json_reader *r, int32_t f) { return r->columns[f].numbers.data(); }
const uint32_t *pl_json_begins(const pl_json_reader *r, int32_t f) { return r->columns[f].begins.data(); }
const uint32_t *pl_json_ends(const pl_json_reader *r, int32_t f) { return r->columns[f].ends.data(); }
const double *pl_json_values(const pl_json_reader *r, int32_t f) { return r->columns[f].values.data(); }
const char *pl_json_text(const pl_json_reader *r, int32_t f) { return r->columns[f].text.data(); }
