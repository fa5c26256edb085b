// SPDX-License-Identifier: Apache-2.0
//
// The files inside the program: what C calls each, the name that Swift asks for, and its path from this
// folder; where one must begin at a page, HDL_ALIGNMENT says so. HDL_STEP does with each what is to be
// done. One that is absent is left out.

#define HDL_ASSET nano_chat_template_jinja
#define HDL_NAME "nano/chat_template.jinja"
#define HDL_PATH "nano/chat_template.jinja"
#include HDL_STEP

#define HDL_ASSET nano_config_json
#define HDL_NAME "nano/config.json"
#define HDL_PATH "nano/config.json"
#include HDL_STEP

#define HDL_ASSET nano_generation_config_json
#define HDL_NAME "nano/generation_config.json"
#define HDL_PATH "nano/generation_config.json"
#include HDL_STEP

#define HDL_ASSET nano_model_safetensors
#define HDL_NAME "nano/model.safetensors"
#define HDL_PATH "nano/model.safetensors"
#define HDL_ALIGNMENT 4096
#include HDL_STEP

#define HDL_ASSET nano_tokenizer_json
#define HDL_NAME "nano/tokenizer.json"
#define HDL_PATH "nano/tokenizer.json"
#include HDL_STEP

#define HDL_ASSET nano_tokenizer_config_json
#define HDL_NAME "nano/tokenizer_config.json"
#define HDL_PATH "nano/tokenizer_config.json"
#include HDL_STEP

#define HDL_ASSET recipe_conversations_yaml
#define HDL_NAME "recipe/conversations.yaml"
#define HDL_PATH "../../Recipes/nano/conversations.yaml"
#include HDL_STEP

#define HDL_ASSET recipe_label_json
#define HDL_NAME "recipe/label.json"
#define HDL_PATH "../../Recipes/nano/label.json"
#include HDL_STEP

#define HDL_ASSET recipe_evaluation_beyond_jsonl
#define HDL_NAME "recipe/evaluation/beyond.jsonl"
#define HDL_PATH "../../Recipes/nano/evaluation/beyond.jsonl"
#include HDL_STEP

#define HDL_ASSET recipe_evaluation_identity_jsonl
#define HDL_NAME "recipe/evaluation/identity.jsonl"
#define HDL_PATH "../../Recipes/nano/evaluation/identity.jsonl"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_beyond_phrases
#define HDL_NAME "recipe/phrases/beyond.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/beyond.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_ar_phrases
#define HDL_NAME "recipe/phrases/identity-ar.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-ar.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_en_phrases
#define HDL_NAME "recipe/phrases/identity-en.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-en.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_es_phrases
#define HDL_NAME "recipe/phrases/identity-es.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-es.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_hi_phrases
#define HDL_NAME "recipe/phrases/identity-hi.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-hi.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_other_phrases
#define HDL_NAME "recipe/phrases/identity-other.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-other.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_identity_zh_phrases
#define HDL_NAME "recipe/phrases/identity-zh.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/identity-zh.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_limits_phrases
#define HDL_NAME "recipe/phrases/limits.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/limits.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_problems_phrases
#define HDL_NAME "recipe/phrases/problems.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/problems.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_sums_phrases
#define HDL_NAME "recipe/phrases/sums.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/sums.phrases"
#include HDL_STEP

#define HDL_ASSET recipe_phrases_system_phrases
#define HDL_NAME "recipe/phrases/system.phrases"
#define HDL_PATH "../../Recipes/nano/phrases/system.phrases"
#include HDL_STEP
